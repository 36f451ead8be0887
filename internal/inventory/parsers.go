package inventory

import (
	cpb "github.com/google/osv-scalibr/binary/proto/config_go_proto"
	"github.com/google/osv-scalibr/extractor/filesystem"
	"github.com/google/osv-scalibr/extractor/filesystem/language/cpp/conanlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/dart/pubspec"
	"github.com/google/osv-scalibr/extractor/filesystem/language/dotnet/depsjson"
	"github.com/google/osv-scalibr/extractor/filesystem/language/dotnet/packagesconfig"
	"github.com/google/osv-scalibr/extractor/filesystem/language/dotnet/packageslockjson"
	"github.com/google/osv-scalibr/extractor/filesystem/language/erlang/mixlock"
	gomodplugin "github.com/google/osv-scalibr/extractor/filesystem/language/golang/gomod"
	"github.com/google/osv-scalibr/extractor/filesystem/language/haskell/cabal"
	"github.com/google/osv-scalibr/extractor/filesystem/language/haskell/stacklock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/java/gradlelockfile"
	"github.com/google/osv-scalibr/extractor/filesystem/language/java/gradleverificationmetadataxml"
	pomxmlplugin "github.com/google/osv-scalibr/extractor/filesystem/language/java/pomxml"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/bunlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/packagelockjson"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/pnpmlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/javascript/yarnlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/php/composerlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/pdmlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/pipfilelock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/poetrylock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/pylock"
	requirementsplugin "github.com/google/osv-scalibr/extractor/filesystem/language/python/requirements"
	"github.com/google/osv-scalibr/extractor/filesystem/language/python/uvlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/r/renvlock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/ruby/gemfilelock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/rust/cargolock"
	"github.com/google/osv-scalibr/extractor/filesystem/language/swift/packageresolved"
)

// plugin is how a format is read: osv-scanner's parser, and what this package adds to it.
type plugin struct {
	parser func(*cpb.PluginConfig) (filesystem.Extractor, error)
	// pieces makes less of a text whose parser would take long: several short ones where the time
	// grows with the square of the length, or one without what is not looked at. The lines that
	// the parser tells are then not those of the text. Nil for all others.
	pieces func(text []byte) [][]byte
	// survey finds lines, relations and licences; nil where the parser tells the lines and the
	// format has no more.
	survey func(Lockfile) survey
	// json tells that the parser is done where the first JSON value of a text ends.
	json bool
}

var plugins = map[string]plugin{
	gomod:                                {parser: gomodplugin.New, survey: surveyGoMod},
	"javascript/packagelockjson":         {parser: packagelockjson.New, pieces: piecesOfNpm, survey: surveyNpm},
	"javascript/yarnlock":                {parser: yarnlock.New, survey: surveyYarn},
	"javascript/pnpmlock":                {parser: pnpmlock.New, survey: surveyPnpm},
	"javascript/bunlock":                 {parser: bunlock.New, pieces: piecesOfBun, survey: surveyBun},
	"rust/cargolock":                     {parser: cargolock.New, pieces: fields("package", "name", "version"), survey: surveyCargo},
	"python/poetrylock":                  {parser: poetrylock.New, pieces: fields("package", "name", "version", "optional", "groups", "source"), survey: surveyPython},
	"python/pdmlock":                     {parser: pdmlock.New, pieces: fields("package", "name", "version", "groups", "revision"), survey: surveyPython},
	"python/uvlock":                      {parser: uvlock.New, pieces: fields("package", "name", "version", "source"), survey: surveyPython},
	"python/pylock":                      {parser: pylock.New, pieces: fields("packages", "name", "version", "vcs", "directory"), survey: surveyPython},
	"python/pipfilelock":                 {parser: pipfilelock.New, pieces: piecesOfPipfile, survey: surveyPipfile},
	requirements:                         {parser: requirementsplugin.New},
	"ruby/gemfilelock":                   {parser: gemfilelock.New, survey: surveyGemfile},
	"php/composerlock":                   {parser: composerlock.New, survey: surveyComposer, json: true},
	pomxml:                               {parser: pomxmlplugin.New, survey: surveyPom},
	"java/gradlelockfile":                {parser: gradlelockfile.New},
	"java/gradleverificationmetadataxml": {parser: gradleverificationmetadataxml.New, survey: surveyComponents},
	"dotnet/packageslockjson":            {parser: packageslockjson.New, survey: surveyNuGet, json: true},
	"dotnet/packagesconfig":              {parser: packagesconfig.New, survey: surveyPackagesConfig},
	"dotnet/depsjson":                    {parser: depsjson.New, survey: surveyDepsJSON, json: true},
	"dart/pubspec":                       {parser: pubspec.New, survey: surveyPubspec},
	"erlang/mixlock":                     {parser: mixlock.New, survey: surveyMix},
	"cpp/conanlock":                      {parser: conanlock.New, survey: surveyConan, json: true},
	"r/renvlock":                         {parser: renvlock.New, survey: surveyRenv, json: true},
	"haskell/stacklock":                  {parser: stacklock.New, survey: surveyStack},
	"haskell/cabal":                      {parser: cabal.New, survey: surveyCabal},
	"swift/packageresolved":              {parser: packageresolved.New, survey: surveySwift, json: true},
}
