//! The command: parse, run, exit code.

fn main() -> std::process::ExitCode {
    pingjiang::app::command::main()
}
