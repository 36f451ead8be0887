package migration

import (
	"strings"
	"testing"
)

func TestRoles(t *testing.T) {
	house := Named([]string{"{dir}/undo/{name}.sql", "rollback/{name}.back"})
	for file, want := range map[string]Role{
		"m/1_a.up.sql": Forward, "m/1_a.down.sql": Back, "m/1_a.DOWN.SQL": Back, "m/V1.2__a.sql": Forward, "m/U1.2__a.sql": Back, "m/R__views.sql": Repeatable,
		"m/User__a.sql": Forward, "m/.gitkeep": None, "m/README.md": None, "m/__init__.py": None, "m/0001_a.py": Forward, "m/x.go": Forward, "m/atlas.sum": None,
		"m/undo/1_a.sql": Back, "undo/1_a.sql": Back, "rollback/1_a.back": Back, "x/rollback/1_a.back": Forward, "m/undo/a/b.sql": Forward, "(": Forward,
	} {
		if got := house.RoleOf(file); got != want {
			t.Errorf("%s is %d, want %d", file, got, want)
		}
	}
	for file, want := range map[string]string{
		"m/1.up.sql": "m/1.down.sql m/undo/1.up.sql rollback/1.up.back", "m/V1__a.sql": "m/U1__a.sql m/undo/V1__a.sql rollback/V1__a.back", "1.sql": "undo/1.sql rollback/1.back",
	} {
		if got := strings.Join(house.Backs(file), " "); got != want {
			t.Errorf("the way back of %s is %q, want %q", file, got, want)
		}
	}
}

// TestWayBack holds every convention, with its way back and without.
func TestWayBack(t *testing.T) {
	const railsUp = "class A < ActiveRecord::Migration[7.1]\n  def up\n    add_column :a, :b, :text\n  end\n"
	const alembicUp = "def upgrade():\n    op.add_column('a', sa.Column('b', sa.Text()))\n\n"
	for name, tt := range map[string]struct {
		file, text string
		back       string // of the file beside it; "-" for none
		want       Way
		seen       string
	}{
		"golang-migrate":            {"1.up.sql", "SELECT 1", "SELECT 2", There, ""},
		"golang-migrate, none":      {"1.up.sql", "SELECT 1", "-", Missing, ""},
		"golang-migrate, empty":     {"1.up.sql", "SELECT 1", " -- nothing\n", Missing, ""},
		"flyway":                    {"m/V1__a.sql", "SELECT 1", "SELECT 2", There, ""},
		"flyway, none":              {"m/V1__a.sql", "SELECT 1", "-", Missing, ""},
		"goose":                     {"1.sql", "-- +goose Up\nCREATE TABLE a (b int);\n-- +goose Down\nDROP TABLE a;", "-", There, ""},
		"goose, a statement":        {"1.sql", "-- +goose Up\n-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd\n-- +goose down\n-- +goose StatementBegin\nDROP TABLE a;\n-- +goose StatementEnd", "-", There, ""},
		"goose, empty":              {"1.sql", "-- +goose Up\nSELECT 1;\n-- +goose Down\n-- +goose StatementBegin\n", "-", Missing, ""},
		"goose, none":               {"1.sql", "-- +goose Up\r\nDROP TABLE a;\r\n", "-", Missing, "2 DROP TABLE a"},
		"goose, up behind down":     {"1.sql", "-- +goose Down\nDROP TABLE a;\n-- +goose Up\nDROP TABLE b;", "-", There, "4 DROP TABLE b"},
		"dbmate":                    {"1.sql", "-- migrate:up transaction:false\nSELECT 1;\n\n-- migrate:down\nDROP TABLE a;", "-", There, ""},
		"dbmate, empty":             {"1.sql", "-- migrate:up\nSELECT 1;\n\n-- migrate:down\n", "-", Missing, ""},
		"liquibase":                 {"1.sql", "--liquibase formatted sql\n--changeset a:1\nCREATE TABLE a (b int);\n--rollback DROP TABLE a;\n--changeset a:2\nSELECT 1;\n-- rollback SELECT 2;", "-", There, ""},
		"liquibase, the last lacks": {"1.sql", "--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n--rollback SELECT 2;\n--changeset a:2\nSELECT 1;", "-", Missing, ""},
		"liquibase, the first":      {"1.sql", "--liquibase formatted sql\n--changeset a:1\nSELECT 1;\n--changeset a:2\nSELECT 1;\n--rollback SELECT 2;", "-", Missing, ""},
		"liquibase, empty":          {"1.sql", "--liquibase formatted sql\n--changeset a:1\nDROP TABLE a;\n--rollback empty", "-", Missing, "3 DROP TABLE a"},
		"liquibase, no changeset":   {"1.sql", "--liquibase formatted sql\nSELECT 1;\n--rollback SELECT 1;", "-", Unknown, ""},
		"a byte order mark":         {"1.sql", "\ufeff-- +goose Up\r\nDROP TABLE a;\r\n-- +goose Down\r\nSELECT 1;", "-", There, "2 DROP TABLE a"},
		"a byte order mark alone":   {"1.up.sql", "SELECT 1", "\ufeff", Missing, ""},
		"carriage returns":          {"1.up.sql", "-- a note\rDROP TABLE a;\rSELECT 1", "SELECT 2", There, "2 DROP TABLE a\n?0"}, // they end a comment in PostgreSQL
		"rails, another variable":   {"1.rb", "class A < ActiveRecord::Migration[7.1]\n  def change\n    change_table :a do |table|\n      table.remove :b\n      table.rename :c, :d\n      table.index :e\n    end\n  end\nend\n", "-", There, "4 table.remove\n5 table.rename"},
		"alembic, other names":      {"1.py", "from alembic import op as o\ndef upgrade():\n    with o.batch_alter_table('a') as batch:\n        batch.drop_column('b')\n        batch.add_column(sa.Column('d', sa.Text(), nullable=False))\n    drop_table('c')\n    o.execute('SELECT 1')\ndef downgrade():\n    o.x()\n", "-", There, "4 batch.drop_column\n6 drop_table\n5 a new column that must not be empty and has no default in the database: batch.add_column\n?7"},
		"none that is known":        {"migration.sql", "SELECT 1", "-", Unknown, ""},
		"rails":                     {"1.rb", railsUp + "  def down\n    remove_column :a, :b\n  end\nend\n", "-", There, ""},
		"rails, none":               {"1.rb", railsUp + "end\n", "-", Missing, ""},
		"rails, raises":             {"1.rb", railsUp + "  def down\n    # no\n    raise ActiveRecord::IrreversibleMigration\n  end\nend\n", "-", Missing, ""},
		"rails, change":             {"1.rb", "class A < ActiveRecord::Migration[7.1]\n  def change\n    add_column :a, :b, :text, null: false\n    rename_column :a, :b, :c\n  end\nend\n", "-", There, "4 rename_column\n3 a new column that must not be empty and has no default in the database: add_column"},
		"rails, SQL in change":      {"1.rb", "class A < ActiveRecord::Migration[7.1]\n  def change\n    execute 'DROP TABLE a'\n  end\nend\n", "-", Unknown, "?3"},
		"alembic":                   {"1.py", alembicUp + "def downgrade():\n    op.drop_column('a', 'b')\n", "-", There, ""},
		"alembic, passes":           {"1.py", alembicUp + "def downgrade():\n    pass\n", "-", Missing, ""},
		"alembic, drops":            {"1.py", "def upgrade():\n    with op.batch_alter_table('a') as batch_op:\n        batch_op.drop_column('b')\n    op.add_column('a', sa.Column('b', sa.Text(), nullable=False))\n\ndef downgrade():\n    op.execute('x')\n", "-", There, "3 batch_op.drop_column\n4 a new column that must not be empty and has no default in the database: op.add_column"},
		"django":                    {"1.py", "class Migration(migrations.Migration):\n    operations = [\n        migrations.AddField(\n            model_name='a', field=models.TextField(null=True)),\n    ]\n", "-", There, ""},
		"django, required":          {"1.py", "class Migration(migrations.Migration):\n    operations = [\n        migrations.AddField(\n            model_name='a', field=models.TextField(default='')),\n        migrations.RemoveField('a', 'b')]\n", "-", There, "5 RemoveField\n3 a new column that must not be empty and has no default in the database: migrations.AddField"},
		"django, SQL":               {"1.py", "class Migration(migrations.Migration):\n    operations = [migrations.RunSQL('a', reverse_sql='b')]\n", "-", There, "?2"},
		"django, SQL one way":       {"1.py", "class Migration(migrations.Migration):\n    operations = [migrations.RunSQL('a')]\n", "-", Unknown, "?2"},
		"another program":           {"1.py", "print(1)", "-", Unknown, "?0"},
		"another language":          {"1.go", "package a", "-", Unknown, "?0"},
	} {
		t.Run(name, func(t *testing.T) {
			var back []byte
			if tt.back != "-" {
				back = []byte(tt.back)
			}
			m := Names{}.Read(tt.file, []byte(tt.text), back)
			if m.Back != tt.want || (m.BackWhy == "") != (m.Back == There) || seen(m) != tt.seen {
				t.Errorf("the way back is %s (%s), want %s; seen:\n%s\nwant:\n%s", m.Back, m.BackWhy, tt.want, seen(m), tt.seen)
			}
		})
	}
	house := Named([]string{"{dir}/undo/{name}.sql"})
	if m := house.Read("m/1.sql", []byte("SELECT 1"), nil); m.Back != Missing || m.BackWhy != "there is no m/undo/1.sql" {
		t.Errorf("without the house's own: %+v", m)
	}
	if m := house.Read("m/1.sql", []byte("SELECT 1"), []byte("SELECT 1")); m.Back != There {
		t.Errorf("with the house's own: %+v", m)
	}
	if m := house.Read("m/1.sql", make([]byte, SizeLimit+1), []byte("SELECT 1")); m.Back == There || len(m.Doubts) == 0 {
		t.Errorf("too large: %+v", m)
	}
}

// TestDeclared holds that only a comment with a reason declares something.
func TestDeclared(t *testing.T) {
	for text, want := range map[string]string{
		"-- slipway: irreversible the data is merged":                         "the data is merged||",
		"--slipway:irreversible  the data\nSELECT 1":                          "the data||",
		"# slipway: contract step 4 of SHOP-1\nSELECT 1":                      "|step 4 of SHOP-1|",
		"-- slipway: additive read by hand":                                   "||read by hand",
		"-- slipway: irreversible":                                            "||?1",
		"-- slipway: irreversible   \n":                                       "||?1",
		"-- slipway: irrevocable x":                                           "||?1",
		"SELECT '\n-- slipway: contract x\n'":                                 "||",
		"/*\n-- slipway: contract x\n*/":                                      "||",
		"-- +goose Up\nSELECT 1;\n-- +goose Down\n-- slipway: irreversible x": "x||",
	} {
		m := Names{}.Read("1.sql", []byte(text), nil)
		if got := m.Irreversible + "|" + m.Contract + "|" + m.Additive + seen(m); got != want {
			t.Errorf("%q declares %q, want %q", text, got, want)
		}
	}
	if m := (Names{}).Read("1.rb", []byte("  # slipway: irreversible it is gone\n"), nil); m.Irreversible != "it is gone" {
		t.Errorf("in a program: %+v", m)
	}
}
