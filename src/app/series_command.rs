//! `pingjiang series`: what is in a table of times and numbers from any sensor, what is wrong with it, and,
//! where it is said what it measures, what the monitor says of it. For files of others, before or without
//! a city. Never writes, never quotes a cell.

use std::path::PathBuf;

use anyhow::{Context, bail};
use clap::Args;
use serde::Serialize;

use crate::base::{Timestamp, counted};
use crate::ingest::{Series, SeriesColumn, SeriesOptions, TableReport, read_series_file};
use crate::monitor::{
    Assessment, Followed, Gauge, MonitorTable, Quantity, Sample, SeriesMonitor, Subject, assess,
};
use crate::portrayal::words::Lang;

use super::assess::{Foreseen, Of, about, grade_name, left_out};

/// What is in a table of times and numbers, what is wrong with it, and what it says of a building.
///
/// CSV with any separator or a table parted by blanks, with or without a header. With --of each column
/// of numbers is judged as the monitor judges a sensor (docs/monitor.md), without limits of a building.
#[derive(Debug, Args)]
pub struct SeriesCommand {
    /// Table.
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// What the numbers are.
    #[arg(long, value_name = "QUANTITY")]
    of: Option<Of>,
    /// Their unit, such as mm, °, mrad; that of the header otherwise.
    #[arg(long, value_name = "UNIT", requires = "of")]
    unit: Option<String>,
    /// Only columns whose name or place holds this.
    #[arg(long, value_name = "TEXT")]
    column: Option<String>,
    /// Offset from UTC of times that are written without one, minutes.
    #[arg(
        long,
        default_value_t = 480,
        value_name = "MINUTES",
        allow_hyphen_values = true
    )]
    offset: i32,
    /// zh or en.
    #[arg(long, default_value = "zh")]
    lang: Lang,
    /// Print one JSON document.
    #[arg(long)]
    json: bool,
}

/// Most columns on a page; a document has all of them.
const COLUMNS_MAX: usize = 20;

#[derive(Debug, Serialize)]
struct Document {
    file: String,
    table: TableReport,
    columns: Vec<Column>,
}

#[derive(Debug, Serialize)]
struct Column {
    name: String,
    unit: Option<String>,
    place: Option<String>,
    values: usize,
    first: Option<Timestamp>,
    last: Option<Timestamp>,
    told: crate::ingest::SeriesReport,
    #[serde(skip_serializing_if = "Option::is_none")]
    assessment: Option<Assessment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    forecast: Option<Foreseen>,
}

impl SeriesCommand {
    /// Runs the command.
    ///
    /// # Errors
    /// When the file is no table of times and numbers, no column fits, or a unit is none of what is
    /// measured.
    pub fn run(self) -> anyhow::Result<()> {
        if !(-1_440..=1_440).contains(&self.offset) {
            bail!(
                "--offset {}: minutes within a day, such as 480 for Beijing",
                self.offset
            );
        }
        let options = SeriesOptions {
            offset_minutes: self.offset,
        };
        let Series { columns, told } = read_series_file(&self.file, &options)?;
        let is_asked = |column: &SeriesColumn| {
            let Some(text) = &self.column else {
                return true;
            };
            column.name.contains(text)
                || column.place.as_ref().is_some_and(|one| one.contains(text))
        };
        let all = columns.len();
        let asked = columns.into_iter().filter(is_asked);
        let columns = asked.map(|column| self.column(column));
        let columns: Vec<Column> = columns.collect::<anyhow::Result<_>>()?;
        if columns.is_empty() {
            bail!("none of the {all} columns of numbers has such a name or place");
        }
        let document = Document {
            file: self.file.display().to_string(),
            table: told,
            columns,
        };
        if self.json {
            println!("{}", serde_json::to_string_pretty(&document)?);
        } else {
            print!("{}", self.page(&document));
        }
        Ok(())
    }

    fn column(&self, column: SeriesColumn) -> anyhow::Result<Column> {
        let mut read = Column {
            values: column.values.len(),
            first: column.values.first().map(|(at, _)| *at),
            last: column.values.last().map(|(at, _)| *at),
            name: column.name,
            unit: column.unit,
            place: column.place,
            told: column.told,
            assessment: None,
            forecast: None,
        };
        if let Some(of) = self.of {
            let unit = self.unit.as_ref().or(read.unit.as_ref()).with_context(|| {
                format!("the header tells no unit of {}; say --unit", read.name)
            })?;
            let table = MonitorTable::standard();
            let gauge = Gauge::of(&table, of.kind_quantity(), unit, &[])
                .map_err(anyhow::Error::msg)
                .with_context(|| format!("{} (--unit says another one)", read.name))?
                .context("that is not followed")?;
            let monitor = follow(&table, &gauge, &column.values, self.offset);
            let followed = Followed::of(&monitor, &gauge);
            let told = assess(&followed, &Subject::unknown(), &table);
            // Of what cannot be told nothing can be foreseen.
            read.forecast = (!told.tells_nothing()).then(|| Foreseen::of(&followed.series(), None));
            read.assessment = Some(told);
        }
        Ok(read)
    }

    fn page(&self, document: &Document) -> String {
        let lang = self.lang;
        let table = &document.table;
        let (rows, count) = (table.rows, document.columns.len());
        let mut text = match lang {
            Lang::Zh => format!("{}  {rows} 行，{count} 列数值\n", document.file),
            Lang::En => format!(
                "{}  {rows} rows, {} of numbers\n",
                document.file,
                counted(count, "column", "columns")
            ),
        };
        for line in table_lines(table, lang) {
            text += &format!("    {line}\n");
        }
        for column in document.columns.iter().take(COLUMNS_MAX) {
            text += &self.of_column(column);
        }
        if count > COLUMNS_MAX {
            let more = count - COLUMNS_MAX;
            text += &match lang {
                Lang::Zh => format!("\n另有 {more} 列：用 --column 选择，或用 --json 输出全部\n"),
                Lang::En => {
                    format!("\n{more} more: choose with --column, or take all with --json\n")
                }
            };
        }
        text
    }

    fn of_column(&self, column: &Column) -> String {
        let lang = self.lang;
        let day = |at: Option<Timestamp>| {
            at.map_or(String::new(), |at| at.local(self.offset, "%Y-%m-%d %H:%M"))
        };
        let grade = column
            .assessment
            .as_ref()
            .map(|one| grade_name(one.grade, lang));
        let grade = grade.map_or(String::new(), |grade| format!("[{grade}] "));
        let place = column
            .place
            .as_ref()
            .map_or(String::new(), |place| format!("  {place}"));
        let unit = column
            .unit
            .as_ref()
            .map_or(String::new(), |unit| format!(" ({unit})"));
        let mut text = format!("\n{grade}{}{unit}{place}\n", column.name);
        let (values, first, last) = (column.values, day(column.first), day(column.last));
        text += &match lang {
            Lang::Zh => format!("    {values} 个数值，{first} 至 {last}\n"),
            Lang::En => format!("    {values} values, {first} to {last}\n"),
        };
        let mut lines = column_lines(column, lang);
        if let Some(assessment) = &column.assessment {
            let table = MonitorTable::standard();
            lines.extend(about(assessment, &table, self.offset, lang));
            lines.extend(left_out(assessment, lang));
            let foreseen = column.forecast.iter();
            lines.extend(foreseen.flat_map(|one| one.lines(assessment.unit, lang)));
        }
        for line in lines {
            text += &format!("    {line}\n");
        }
        text
    }
}

impl Of {
    /// The name that kinds of device have for it.
    const fn kind_quantity(self) -> &'static str {
        match self.quantity() {
            Quantity::Tilt | Quantity::Distortion => "tilt",
            Quantity::Settlement => "settlement",
            Quantity::Crack => "width",
        }
    }
}

fn follow(
    table: &MonitorTable,
    gauge: &Gauge,
    values: &[(Timestamp, f64)],
    offset_minutes: i32,
) -> SeriesMonitor {
    let gross = table.gross(gauge.quantity());
    let mut monitor = SeriesMonitor::default();
    for (at, value) in values {
        let sample = Sample {
            at: *at,
            first: *value,
            second: None,
            temperature_c: None,
        };
        gauge.take(&mut monitor, &sample, &gross, offset_minutes);
    }
    monitor
}

/// What was found in the table as a whole; nothing where all is well.
fn table_lines(table: &TableReport, lang: Lang) -> Vec<String> {
    let mut lines = Vec::new();
    let mut count = |number: usize, zh: &str, en: &str| {
        if number > 0 {
            lines.push(format!("{}: {number}", lang.pick(zh, en)));
        }
    };
    count(
        table.not_a_time.count,
        "无法读出时间的行",
        "rows without a time that can be read",
    );
    count(table.doubled, "重复的时间", "times told twice");
    count(
        table.doubled_otherwise,
        "其中数值不同",
        "of these with other values",
    );
    count(
        table.backwards,
        "早于上一行的行",
        "rows older than the one before",
    );
    if table.is_local_time {
        lines.push(
            lang.pick(
                "时间没有时区，按 --offset 读取",
                "times have no offset; read by --offset",
            )
            .to_owned(),
        );
    }
    for one in table.offsets.iter().skip(1) {
        let (line, offset) = (one.line, one.offset_minutes);
        lines.push(match lang {
            Lang::Zh => format!("第 {line} 行起时区变为 UTC{offset:+} 分钟"),
            Lang::En => format!("from line {line} on the offset is {offset:+} minutes"),
        });
    }
    for one in &table.clock_jumps {
        let (line, by) = (one.line, one.by_minutes);
        lines.push(match lang {
            Lang::Zh => format!("第 {line} 行处时钟被调整 {by:+} 分钟，已换算"),
            Lang::En => {
                format!("at line {line} the clock was set by {by:+} minutes; taken into account")
            }
        });
    }
    lines.extend(table.notes.iter().cloned());
    lines
}

/// What was found in a column; nothing where all is well.
fn column_lines(column: &Column, lang: Lang) -> Vec<String> {
    let told = &column.told;
    let mut lines = Vec::new();
    if told.gap_count > 0 {
        let missing: u64 = told.gaps.iter().map(|gap| gap.missing).sum();
        let count = told.gap_count;
        lines.push(match lang {
            Lang::Zh => format!("缺测 {count} 段，共约 {missing} 个数值"),
            Lang::En => format!("{count} gaps, about {missing} values"),
        });
    }
    for one in &told.sentinels {
        let (mark, times) = (&one.mark, one.count);
        lines.push(match lang {
            Lang::Zh => format!("“{mark}” 出现 {times} 次，视为缺测"),
            Lang::En => format!("{mark:?} stands for nothing measured, {times} times"),
        });
    }
    if told.not_a_number.count > 0 {
        let (count, first) = (told.not_a_number.count, told.not_a_number.lines.first());
        let first = first.copied().unwrap_or(0);
        lines.push(match lang {
            Lang::Zh => format!("{count} 个单元格不是数值，首个在第 {first} 行"),
            Lang::En => format!("{count} cells are no numbers, the first in line {first}"),
        });
    }
    let stuck: usize = told.stuck.iter().map(|one| one.count).sum();
    if told.is_constant {
        lines.push(lang.pick("所有数值相同", "all values are alike").to_owned());
    } else if stuck > 0 {
        lines.push(match lang {
            Lang::Zh => format!("{stuck} 个数值长时间不变：传感器可能卡死"),
            Lang::En => format!("{stuck} values stay the same for long: the sensor may be stuck"),
        });
    }
    lines
}
