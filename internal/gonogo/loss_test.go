package gonogo

import (
	"cmp"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"time"
)

// loss is a piece of evidence that can be taken away: a field, an element of a list or an entry of a map.
type loss struct {
	path string        // such as People.Spoken.Acts[].State
	of   reflect.Value // the struct of a field, or the element or entry itself
	take func()
}

// losses visits all that can be taken away from a value; back puts the value to where it was taken from.
func losses(v reflect.Value, path string, back func(), visit func(loss)) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f, name := v.Field(i), path+"."+v.Type().Field(i).Name
			if !f.CanSet() || f.IsZero() || v.Type().Field(i).Anonymous { // the inputs are the question, and no evidence
				continue
			}
			visit(loss{name, v, func() { f.SetZero(); back() }})
			losses(f, name, back, visit)
		}
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range v.Len() {
			visit(loss{path + "[]", v.Index(i), func() {
				v.Set(reflect.AppendSlice(v.Slice(0, i), v.Slice(i+1, v.Len())))
				back()
			}})
			losses(v.Index(i), path+"[]", back, visit)
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return cmp.Compare(a.String(), b.String()) })
		for _, key := range keys {
			inner := reflect.New(v.Type().Elem()).Elem()
			inner.Set(v.MapIndex(key))
			name := path + "{}"
			if v.Type().Elem().Kind() == reflect.Interface {
				name = path + "{" + key.String() + "}"
			}
			visit(loss{name, inner, func() { v.SetMapIndex(key, reflect.Value{}); back() }})
			losses(inner, name, func() { v.SetMapIndex(key, inner); back() }, visit)
		}
	case reflect.Interface:
		if inner, ok := v.Interface().(map[string]any); ok {
			losses(reflect.ValueOf(inner), path, back, visit)
		}
	case reflect.Pointer:
		if !v.IsNil() {
			losses(v.Elem(), path, back, visit)
		}
	}
}

// clone copies a value with all that it leads to.
func clone[T any](of T) T {
	v := reflect.New(reflect.TypeFor[T]()).Elem()
	copyInto(v, reflect.ValueOf(of))
	return v.Interface().(T)
}

func copyInto(to, from reflect.Value) {
	switch from.Kind() {
	case reflect.Struct:
		to.Set(from)
		if _, ok := from.Interface().(time.Time); ok {
			return
		}
		for i := range from.NumField() {
			if to.Field(i).CanSet() {
				copyInto(to.Field(i), from.Field(i))
			}
		}
	case reflect.Slice:
		if from.IsNil() {
			return
		}
		to.Set(reflect.MakeSlice(from.Type(), from.Len(), from.Len()))
		if from.Type().Elem().Kind() == reflect.Uint8 {
			reflect.Copy(to, from)
			return
		}
		for i := range from.Len() {
			copyInto(to.Index(i), from.Index(i))
		}
	case reflect.Map:
		if from.IsNil() {
			return
		}
		to.Set(reflect.MakeMapWithSize(from.Type(), from.Len()))
		for iter := from.MapRange(); iter.Next(); {
			inner := reflect.New(from.Type().Elem()).Elem()
			copyInto(inner, iter.Value())
			to.SetMapIndex(iter.Key(), inner)
		}
	case reflect.Interface:
		if inner, ok := from.Interface().(map[string]any); ok {
			to.Set(reflect.ValueOf(clone(inner)))
			return
		}
		to.Set(from)
	case reflect.Pointer:
		if from.IsNil() {
			return
		}
		to.Set(reflect.New(from.Type().Elem()))
		copyInto(to.Elem(), from.Elem())
	default:
		to.Set(from)
	}
}

// good tells whether a loss may help: what is taken away is bad news by itself, or a doubt. A whole source
// is never that, for it may have held anything.
func (l loss) good(e evidence) bool {
	if isDoubt(l.of.Type()) || isDoubt(l.taken()) {
		return true
	}
	switch path := strings.TrimPrefix(l.path, "."); path {
	case "Skew", "Published", "Published.Problems":
		return true
	case "Checks.All[]", "Checks.All[].Name", "Checks.All[].App", "Checks.All[].Workflow", "Checks.All[].WorkflowFile":
		return !positive(l.of.Interface().(check), e)
	case "Documents":
		return slices.ContainsFunc(e.Documents, isUnsound)
	case "Documents[]", "Documents[].Problem", "Documents[].Digest", "Documents[].Subjects", "Documents[].Subjects[]", "Documents[].Envelope":
		if d, ok := l.of.Interface().(document); ok {
			return isUnsound(d)
		}
		return slices.ContainsFunc(e.Documents, isUnsound)
	// What a change does is what stands against it.
	case "Change.Commits", "Change.MoreCommits", "Change.Files", "Change.MoreFiles", "Change.Lines", "Change.Newcomers", "Change.Failures", "Change.Unlooked":
		return true
	case "Change.Released": // one of the future is not known; none at all counts as the longest time
		return e.Change.Released.After(e.Now)
	case "Incidents.Numbers", "Incidents.Numbers[]", "Releases{}.Found.Prerelease", "Probes{}.Values[].Fault":
		return true
	case "Issues{}.Count", "Issues{}.Open", "Issues{}.Open[]":
		return true
	// Who made the change cannot approve it.
	case "People.Spoken.Authors[]", "People.Spoken.Starters[]", "People.Past[].Spoken.Authors[]", "People.Past[].Spoken.Starters[]":
		return true
	case "People.Past", "People.Past[]":
		return true
	case "People.Spoken.Acts", "People.Past[].Spoken.Acts":
		return slices.ContainsFunc(l.of.Interface().(spoken).Acts, func(a act) bool { return a.State != "approved" })
	case "People.Past[].Comments":
		return slices.ContainsFunc(l.of.Interface().(past).Comments, isRejection)
	case "Ticketed.Comments":
		return slices.ContainsFunc(e.Ticketed.Comments, isRejection)
	case "Ticketed.Body": // of another change's ticket, or the open boxes
		return true
	default:
		switch {
		case strings.HasPrefix(path, "Change.Commits["), strings.HasPrefix(path, "Change.Files["), strings.HasPrefix(path, "Change.Failures["), strings.HasPrefix(path, "Issues{}.Open["):
			return true
		case strings.Contains(path, "Acts[]"):
			a := l.of.Interface().(act)
			return a.State != "approved" && !strings.HasSuffix(path, ".At") || strings.HasSuffix(path, ".Bot")
		case strings.Contains(path, "Comments[]"):
			return isRejection(l.of.Interface().(comment)) && !strings.HasSuffix(path, ".Created") && !strings.HasSuffix(path, ".Updated")
		}
	}
	return false
}

// taken is the type of what is taken away.
func (l loss) taken() reflect.Type {
	if l.of.Kind() == reflect.Struct {
		if f, ok := l.of.Type().FieldByName(l.path[strings.LastIndexByte(l.path, '.')+1:]); ok {
			return f.Type
		}
	}
	return l.of.Type()
}

func isDoubt(t reflect.Type) bool {
	return t == reflect.TypeFor[problem]() || t == reflect.TypeFor[[]problem]()
}

func isUnsound(d document) bool { return strings.HasPrefix(d.Source, unsound) || d.Problem != "" }

func isRejection(c comment) bool { return strings.HasPrefix(c.Body, "/reject") }

// positive tells whether a check speaks for the commit.
func positive(k check, e evidence) bool {
	for _, c := range e.Gate.Criteria {
		if c.Checks != nil && (k.Conclusion == "skipped" && c.Checks.Skipped == "fail" || k.Conclusion == "neutral" && c.Checks.Neutral == "fail") {
			return false
		}
	}
	return k.Conclusion == "success" || k.Conclusion == "skipped" || k.Conclusion == "neutral"
}

// lose takes one piece away.
func (r dice) lose(e evidence) (string, evidence) {
	worse := clone(e)
	var all []loss
	var kinds []string // so that a long list of one kind does not outweigh the others
	losses(reflect.ValueOf(&worse).Elem(), "", func() {}, func(l loss) {
		if !l.good(e) {
			all = append(all, l)
			kinds = append(kinds, l.path)
		}
	})
	slices.Sort(kinds)
	kinds = slices.Compact(kinds)
	kind := kinds[r.IntN(len(kinds))]
	all = slices.DeleteFunc(all, func(l loss) bool { return l.path != kind })
	all[r.IntN(len(all))].take()
	return fmt.Sprintf("%s: gone", strings.TrimPrefix(kind, ".")), worse
}
