import Chronology
package import KubernetesAPI

/// Reads forecast files.
package enum ForecastLoader {
    /// Returns the forecast file that a path means, itself or in its folder; nil when it is something else.
    ///
    /// A folder that holds an experiment as well means that.
    package static func file(_ path: String) -> String? {
        let ledger = InputLedger(standardInput: nil, diagnostics: Diagnostics())
        guard ledger.isFolder(path, .request) else {
            guard ledger.isFile(path, .request), let read = ledger.readFile(path, .request) else { return nil }
            let trees = ManifestParser.parse(read.contents, file: path, diagnostics: Diagnostics())
            return trees.first?["kind"]?.string == ForecastDocument.kind ? path : nil
        }
        let folder = InputLedger.cleaned(path)
        guard !ledger.isFile(folder + "/" + ExperimentLoader.fileName, .request) else { return nil }
        let file = folder + "/" + ForecastDocument.fileName
        return ledger.isFile(file, .request) ? file : nil
    }

    /// Reads a forecast file; nil, and what is wrong, when there is an error.
    package static func load(_ file: String, _ diagnostics: Diagnostics) -> ForecastDocument? {
        let ledger = InputLedger(standardInput: nil, diagnostics: diagnostics)
        guard let read = ledger.readFile(file, .request),
            let tree = read.document(expected: "one forecast", diagnostics)
        else { return nil }
        let before = diagnostics.errorCount
        // Where time begins is said by the history.
        let context = DecodingContext(
            file: read.name, diagnostics: diagnostics, startDate: ScenarioAssembly.defaultStart)
        var document = ForecastReading(context: context).document(tree)
        guard diagnostics.errorCount == before else { return nil }
        document.scenario = path(document.scenario, besides: file)
        document.history = path(document.history, besides: file)
        document.holidays = document.holidays.map { path($0, besides: file) }
        return document
    }

    private static func path(_ path: String, besides file: String) -> String {
        guard let slash = file.lastIndex(of: "/"), !path.hasPrefix("/") else { return path }
        return InputLedger.cleaned("\(file[..<slash])/\(path)")
    }
}
