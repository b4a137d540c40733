//! Examples under the help of `query`.

pub(super) const EXAMPLES: &str = "\
Examples:
  pingjiang query city.gpkg near --lon 120.6065 --lat 31.3165 --radius 50 --kind device:smoke
  pingjiang query city.gpkg nearest --of bld-03f2a9c1d4e5b677 --count 3 --kind facility:hydrant
  pingjiang query city.gpkg stats --kind resident --label elderly_alone --by grid
  pingjiang query city.gpkg search 桃坞
  pingjiang query city.gpkg incident dev-03f2a9c1d4e5b677 --role operator --purpose incident --note 'smoke alarm'

Personal values are masked unless a role and a purpose open them (docs/roles.md); what is opened is
put on record before it is shown (pingjiang audit).";
