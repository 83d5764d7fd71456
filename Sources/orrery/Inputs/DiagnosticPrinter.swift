import KubernetesAPI
import Scenarios

/// Prints what was found in the inputs on standard error: every error, and the warnings in short.
enum DiagnosticPrinter {
    /// Warnings that are printed one by one.
    private static let shownWarnings = 12

    /// Prints errors, and warnings unless `isQuiet`; notes and all warnings when `isVerbose`.
    static func show(_ diagnostics: [Diagnostic], isQuiet: Bool = false, isVerbose: Bool = false) {
        var warnings = 0
        for diagnostic in diagnostics {
            switch diagnostic.severity {
            case .error: Console.error("\(diagnostic)")
            case .warning:
                warnings += 1
                if !isQuiet, isVerbose || warnings <= shownWarnings { Console.error("\(diagnostic)") }
            case .note:
                if isVerbose { Console.error("\(diagnostic)") }
            }
        }
        if !isQuiet, !isVerbose, warnings > shownWarnings {
            Console.error("… and \(warnings - shownWarnings) more warnings (orrery validate --verbose shows all)")
        }
    }

    /// Ends the command when an input is wrong, saying how many errors there were.
    static func stopWhenWrong(_ loaded: LoadedScenario) throws {
        guard loaded.hasErrors else { return }
        let errors = loaded.diagnostics.filter { $0.severity == .error }.count
        Console.error(errors == 1 ? "1 error; nothing was run" : "\(errors) errors; nothing was run")
        throw Exit.badInput.code
    }
}
