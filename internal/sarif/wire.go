package sarif

// The shapes below are what is written, in the order in which it is written.

type logOut struct {
	Schema  string   `json:"$schema"`
	Version string   `json:"version"`
	Runs    []runOut `json:"runs"`
}

type runOut struct {
	Tool        toolOut            `json:"tool"`
	Automation  idOut              `json:"automationDetails"`
	Bases       map[string]baseOut `json:"originalUriBaseIds"`
	Invocations []invocationOut    `json:"invocations"`
	Results     []resultOut        `json:"results"`
}

type idOut struct {
	ID string `json:"id"`
}

type baseOut struct {
	Description textOut `json:"description"`
}

type toolOut struct {
	Driver driverOut `json:"driver"`
}

type driverOut struct {
	Name           string    `json:"name"`
	Version        string    `json:"version,omitempty"`
	InformationURI string    `json:"informationUri"`
	Rules          []ruleOut `json:"rules"`
}

type ruleOut struct {
	ID         string          `json:"id"`
	Name       string          `json:"name,omitempty"`
	Short      textOut         `json:"shortDescription"`
	Full       textOut         `json:"fullDescription"`
	HelpURI    string          `json:"helpUri,omitempty"`
	Help       textOut         `json:"help"`
	Default    levelOut        `json:"defaultConfiguration"`
	Properties rulePropertyOut `json:"properties"`
}

type levelOut struct {
	Level string `json:"level"`
}

type rulePropertyOut struct {
	Severity string   `json:"security-severity,omitempty"`
	Tags     []string `json:"tags"`
}

type textOut struct {
	Text     string `json:"text"`
	Markdown string `json:"markdown,omitempty"`
}

type invocationOut struct {
	Successful    bool              `json:"executionSuccessful"`
	Notifications []notificationOut `json:"toolExecutionNotifications"`
}

type notificationOut struct {
	Level   string  `json:"level"`
	Message textOut `json:"message"`
}

type resultOut struct {
	RuleID       string            `json:"ruleId"`
	RuleIndex    int               `json:"ruleIndex"`
	Level        string            `json:"level"`
	Message      textOut           `json:"message"`
	Locations    []locationOut     `json:"locations"`
	Related      []locationOut     `json:"relatedLocations,omitempty"`
	Partial      map[string]string `json:"partialFingerprints"`
	Baseline     string            `json:"baselineState,omitempty"`
	Suppressions []suppressionOut  `json:"suppressions"`
}

type locationOut struct {
	ID       int         `json:"id,omitempty"`
	Message  *textOut    `json:"message,omitempty"`
	Physical physicalOut `json:"physicalLocation"`
}

type physicalOut struct {
	Artifact artifactOut `json:"artifactLocation"`
	Region   regionOut   `json:"region"`
}

type artifactOut struct {
	URI  string `json:"uri"`
	Base string `json:"uriBaseId"`
}

type regionOut struct {
	StartLine int `json:"startLine"`
}

type suppressionOut struct {
	Kind          string        `json:"kind"`
	Status        string        `json:"status"`
	Justification string        `json:"justification,omitempty"`
	Properties    acceptedByOut `json:"properties"`
}

type acceptedByOut struct {
	Owner   string `json:"owner,omitempty"`
	Expires string `json:"expires,omitempty"`
}
