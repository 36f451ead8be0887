package sarif

import "fmt"

// invocations notes what went wrong when the tool ran, and which levels were set for it.
func (r *reader) invocations() error {
	for i, v := range r.shape.Invocations {
		at := fmt.Sprintf("%s.invocations[%d]", r.at, i)
		if v == nil {
			return fmt.Errorf("%s: it is null", at)
		}
		switch {
		case v.StartFailure != "":
			r.problem("the tool did not start: %s", short(v.StartFailure))
		case v.Successful == nil:
			r.problem("the tool does not say whether it succeeded (executionSuccessful is missing)")
		case !*v.Successful && v.ExitCode != nil:
			r.problem("the tool failed (executionSuccessful is false, its exit code %d)", *v.ExitCode)
		case !*v.Successful:
			r.problem("the tool failed (executionSuccessful is false)")
		}
		if err := r.notifications(at+".toolExecutionNotifications", v.Execution); err != nil {
			return err
		}
		if err := r.notifications(at+".toolConfigurationNotifications", v.Configuration); err != nil {
			return err
		}
		overrides, err := r.overridesOf(at, v.Overrides)
		if err != nil {
			return err
		}
		r.overrides = append(r.overrides, overrides)
	}
	return nil
}

// notifications notes those of the level error, which describe a failed run (specification, 3.58.6).
func (r *reader) notifications(at string, notes []*notification) error {
	for i, n := range notes {
		at := fmt.Sprintf("%s[%d]", at, i)
		if n == nil {
			return fmt.Errorf("%s: it is null", at)
		}
		if err := oneOf(at+".level", n.Level, levels...); err != nil {
			return err
		}
		kind := r.kindOf(n.Descriptor)
		level := n.Level
		if level == "" && kind != nil {
			level = kind.Default.Level
		}
		if level != "error" {
			continue
		}
		text := r.text(n.Message, kind)
		if text == "" {
			text = n.Descriptor.ID
		}
		r.problem("the tool reports an error: %s", short(text))
	}
	return nil
}

// kindOf finds what describes a notification, nil where nothing does.
func (r *reader) kindOf(ref reference) *descriptor {
	c, err := r.component("", ref.Component)
	if err != nil {
		return nil
	}
	if i, ok, err := index("", ref.Index, len(c.Notifications)); ok && err == nil {
		return c.Notifications[i]
	}
	return r.kinds[c][ref.ID]
}

// overridesOf are the levels that were set for rules when the tool was started.
func (r *reader) overridesOf(at string, all []*override) (map[*descriptor]string, error) {
	set := map[*descriptor]string{}
	for i, o := range all {
		at := fmt.Sprintf("%s.ruleConfigurationOverrides[%d]", at, i)
		if o == nil {
			return nil, fmt.Errorf("%s: it is null", at)
		}
		if err := oneOf(at+".configuration.level", o.Configuration.Level, levels...); err != nil {
			return nil, err
		}
		rule, err := r.rule(at+".descriptor", o.Descriptor)
		if err != nil {
			return nil, err
		}
		if rule != nil && o.Configuration.Level != "" {
			set[rule] = o.Configuration.Level
		}
	}
	return set, nil
}

// short is text of the report within a sentence of ours.
func short(s string) string { return line(s, 300) }
