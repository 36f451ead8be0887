package expression

import (
	"errors"
	"fmt"

	"cel.dev/cel-go/cel"
	"cel.dev/cel-go/common"
	"cel.dev/cel-go/common/ast"
	"cel.dev/cel-go/common/types"
	"cel.dev/cel-go/common/types/ref"
	"cel.dev/cel-go/common/types/traits"
	"cel.dev/cel-go/parser"

	"github.com/slipway-actions/slipway/internal/glob"
)

const (
	filesName   = "change.files"
	touchesName = "change.touches"
	pathLimit   = 200         // bytes of the path in change.touches
	matchLimit  = 200_000_000 // letters of the path times those of all files
)

// touching adds change.touches("path"), which stands for a function of change.files: so it is not
// known where those are not.
func touching() []cel.EnvOption {
	expand := func(h parser.ExprHelper, target ast.Expr, args []ast.Expr) (ast.Expr, *common.Error) {
		if target.Kind() != ast.IdentKind || target.AsIdent() != "change" {
			return nil, nil
		}
		return h.NewCall(touchesName, h.NewSelect(target, "files"), args[0]), nil
	}
	return []cel.EnvOption{
		cel.Macros(cel.ReceiverMacro("touches", 1, expand)),
		cel.Function(touchesName, cel.Overload("change_touches", []*cel.Type{cel.ListType(cel.StringType), cel.StringType}, cel.BoolType, cel.BinaryBinding(touches))),
	}
}

func touches(files, path ref.Val) ref.Val {
	names, err := files.ConvertToNative(textsType)
	if err != nil {
		return types.WrapErr(err)
	}
	pattern := string(path.(types.String))
	letters := 0
	for _, name := range names.([]string) {
		letters += len(name)
	}
	if letters*len(pattern) > matchLimit {
		return types.WrapErr(errors.New("the change has too many files"))
	}
	return types.Bool(glob.Touches([]string{pattern}, names.([]string)))
}

// checkPath refuses a path that could match nothing, for whoever wrote it would not notice.
func checkPath(path string) error {
	if path == "" || len(path) > pathLimit {
		return fmt.Errorf("allowed: a path of 1 to %d letters", pathLimit)
	}
	return glob.CheckPath(path)
}

// size is how many a list has.
func size(list ref.Val) uint64 {
	if sizer, ok := list.(traits.Sizer); ok {
		if n, ok := sizer.Size().(types.Int); ok {
			return uint64(n)
		}
	}
	return 1
}
