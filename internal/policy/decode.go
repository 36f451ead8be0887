package policy

import (
	"fmt"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"
)

// decode reads the one YAML document of a file into p, and gives the file's tree for the places in it.
func decode(source []byte, p *Policy) (file *ast.File, err error) {
	err = guarded(func() error {
		tokens := lexer.Tokenize(string(source))
		if refused := refusedIn(tokens); refused != nil {
			return refused
		}
		if file, err = parser.Parse(tokens, 0); err != nil {
			return err
		}
		if len(file.Docs) > 1 {
			return &invalid{message: fmt.Sprintf("the file holds %d YAML documents; put everything into one and remove the --- lines", len(file.Docs))}
		}
		return yaml.NewDecoder(strings.NewReader(string(source)), yaml.Strict()).Decode(p)
	})
	return file, err
}

// guarded keeps a panic of the YAML library, which some files bring about, an error of that file.
func guarded(read func() error) (err error) {
	defer func() {
		if gaveUp := recover(); gaveUp != nil {
			err = &invalid{message: fmt.Sprintf("the YAML library gives up on the file (%v); write it more plainly, or take away the newest change to find the place", gaveUp)}
		}
	}()
	return read()
}

// depthLimit is how deep things may stand in each other in one line. No section is as deep as that, and the
// time to read a file grows with the square of it.
const depthLimit = 50

// refusedIn is the first thing in a file that is YAML and not read: an anchor, an alias or a tag, by which a
// value is another one than a person sees, and what stands too deep in others.
func refusedIn(tokens token.Tokens) *invalid {
	brackets, line, opened := 0, 0, 0
	for _, t := range tokens {
		if t.Position.Line != line {
			line, opened = t.Position.Line, 0
		}
		switch t.Type {
		case token.AliasType, token.AnchorType:
			return &invalid{token: t, message: "anchors and aliases are not read; write the value where it is meant"}
		case token.TagType:
			return &invalid{token: t, message: "tags are not read; write the value alone, in quotes where a text is meant"}
		case token.MappingStartType, token.SequenceStartType:
			brackets++
		case token.MappingEndType, token.SequenceEndType:
			brackets--
		case token.SequenceEntryType, token.MappingKeyType, token.MappingValueType, token.MergeKeyType, token.DirectiveType:
			if brackets <= 0 { // within brackets they stand beside each other
				opened++
			}
		}
		if max(brackets, -brackets) > depthLimit { // so many that are closed and were never opened take as long
			return &invalid{token: t, message: fmt.Sprintf("brackets stand in each other more than %d deep", depthLimit)}
		}
		if opened > depthLimit {
			return &invalid{token: t, message: fmt.Sprintf("lists and mappings stand in each other more than %d deep in one line", depthLimit)}
		}
	}
	return nil
}
