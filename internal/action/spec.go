package action

import (
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
)

// Spec is an action's contract as its action.yml states it.
type Spec struct {
	Name        string // of the file: the title in the marketplace
	Description string
	Inputs      []InputSpec
	Outputs     []OutputSpec
}

// InputSpec is one input. Its default may be an expression, which only a runner can evaluate.
type InputSpec struct{ Name, Description, Default string }

// OutputSpec is one output.
type OutputSpec struct{ Name, Description string }

// Input finds an input by name.
func (s Spec) Input(name string) (InputSpec, bool) {
	i := slices.IndexFunc(s.Inputs, func(in InputSpec) bool { return in.Name == name })
	if i < 0 {
		return InputSpec{}, false
	}
	return s.Inputs[i], true
}

// ParseSpec reads an action.yml.
func ParseSpec(source []byte) (Spec, error) {
	var file struct {
		Name        string        `yaml:"name"`
		Description string        `yaml:"description"`
		Inputs      yaml.MapSlice `yaml:"inputs"`
		Outputs     yaml.MapSlice `yaml:"outputs"`
	}
	if err := yaml.Unmarshal(source, &file); err != nil {
		return Spec{}, fmt.Errorf("read action.yml: %w", err)
	}
	spec := Spec{Name: file.Name, Description: file.Description}
	for _, item := range file.Inputs {
		fields := textFields(item.Value)
		spec.Inputs = append(spec.Inputs, InputSpec{Name: fmt.Sprint(item.Key), Description: fields["description"], Default: fields["default"]})
	}
	for _, item := range file.Outputs {
		spec.Outputs = append(spec.Outputs, OutputSpec{Name: fmt.Sprint(item.Key), Description: textFields(item.Value)["description"]})
	}
	return spec, nil
}

func textFields(value any) map[string]string {
	fields := map[string]string{}
	switch m := value.(type) {
	case yaml.MapSlice:
		for _, item := range m {
			fields[fmt.Sprint(item.Key)] = strings.TrimSpace(fmt.Sprint(item.Value))
		}
	case map[string]any:
		for k, v := range m {
			fields[k] = strings.TrimSpace(fmt.Sprint(v))
		}
	}
	return fields
}
