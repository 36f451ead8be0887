package sarif

import "encoding/json"

// The shapes below are the parts of a report that are read. Whatever else is in it, is let be.
// Elements of arrays are pointers, so that a null among them shows.

type logShape struct {
	Version string            `json:"version"`
	Runs    []json.RawMessage `json:"runs"`
	Inline  json.RawMessage   `json:"inlineExternalProperties"`
}

type runShape struct {
	Tool struct {
		Driver     *component   `json:"driver"`
		Extensions []*component `json:"extensions"`
	} `json:"tool"`
	Invocations []*invocation                `json:"invocations"`
	Results     []json.RawMessage            `json:"results"` // one by one, so that an error can say which
	Artifacts   []*artifact                  `json:"artifacts"`
	Bases       map[string]*artifactLocation `json:"originalUriBaseIds"`
	Taxonomies  []*component                 `json:"taxonomies"`
	Provenance  []struct {
		Revision string `json:"revisionId"`
	} `json:"versionControlProvenance"`
	External map[string]json.RawMessage `json:"externalPropertyFileReferences"`
}

type component struct {
	Name            string                `json:"name"`
	GUID            string                `json:"guid"`
	Version         string                `json:"version"`
	SemanticVersion string                `json:"semanticVersion"`
	Rules           []*descriptor         `json:"rules"`
	Notifications   []*descriptor         `json:"notifications"`
	Strings         map[string]*multiText `json:"globalMessageStrings"`
}

type descriptor struct {
	ID            string                `json:"id"`
	Name          string                `json:"name"`
	Short         *multiText            `json:"shortDescription"`
	HelpURI       string                `json:"helpUri"`
	Strings       map[string]*multiText `json:"messageStrings"`
	Default       configuration         `json:"defaultConfiguration"`
	Properties    json.RawMessage       `json:"properties"`
	Relationships []*struct {
		Target reference `json:"target"`
	} `json:"relationships"`

	owner *component // set when read
}

type multiText struct {
	Text string `json:"text"`
}

type configuration struct {
	Level string `json:"level"`
}

// reference names a descriptor of a component, by id, by index or by both.
type reference struct {
	ID        string              `json:"id"`
	Index     *int                `json:"index"`
	Component *componentReference `json:"toolComponent"`
}

type componentReference struct {
	Name  string `json:"name"`
	GUID  string `json:"guid"`
	Index *int   `json:"index"`
}

type invocation struct {
	Successful    *bool           `json:"executionSuccessful"`
	ExitCode      *int            `json:"exitCode"`
	StartFailure  string          `json:"processStartFailureMessage"`
	Execution     []*notification `json:"toolExecutionNotifications"`
	Configuration []*notification `json:"toolConfigurationNotifications"`
	Overrides     []*override     `json:"ruleConfigurationOverrides"`
}

type notification struct {
	Level      string    `json:"level"`
	Message    message   `json:"message"`
	Descriptor reference `json:"descriptor"`
}

type override struct {
	Descriptor    reference     `json:"descriptor"`
	Configuration configuration `json:"configuration"`
}

type message struct {
	Text      string   `json:"text"`
	ID        string   `json:"id"`
	Arguments []string `json:"arguments"`
}

type artifact struct {
	Location *artifactLocation `json:"location"`
}

type artifactLocation struct {
	URI   string `json:"uri"`
	Base  string `json:"uriBaseId"`
	Index *int   `json:"index"`
}

type resultShape struct {
	RuleID     string              `json:"ruleId"`
	RuleIndex  *int                `json:"ruleIndex"`
	Rule       reference           `json:"rule"`
	Level      string              `json:"level"`
	Kind       string              `json:"kind"`
	Message    message             `json:"message"`
	Baseline   string              `json:"baselineState"`
	Prints     map[string]string   `json:"fingerprints"`
	Partial    map[string]string   `json:"partialFingerprints"`
	Properties json.RawMessage     `json:"properties"`
	Taxa       []*reference        `json:"taxa"`
	Locations  []*location         `json:"locations"`
	Quiet      []*suppressionShape `json:"suppressions"`
	Provenance struct {
		Invocation *int `json:"invocationIndex"`
	} `json:"provenance"`
}

type location struct {
	Physical struct {
		Artifact *artifactLocation `json:"artifactLocation"`
		Region   struct {
			StartLine   int `json:"startLine"`
			EndLine     int `json:"endLine"`
			StartColumn int `json:"startColumn"`
		} `json:"region"`
	} `json:"physicalLocation"`
}

type suppressionShape struct {
	Kind          string `json:"kind"`
	Status        string `json:"status"`
	Justification string `json:"justification"`
}
