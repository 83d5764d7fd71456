import Foundation

/// The reports that a user can ask for: those that come with Orrery, then the user's own.
///
/// A report of the user replaces the built-in one of the same name.
package struct ReportCatalog: Sendable {
    /// All reports, by name.
    package let reports: [ReportDefinition]
    /// Files of the user that are no reports, by name, and what is wrong with each.
    package let problems: [(name: String, error: ReportError)]

    /// Reads the built-in reports, and those of `userFolder` or else of `./reports` when that exists.
    ///
    /// `builtIn` is the folder of the reports that come with Orrery; nil leaves them out.
    package init(
        userFolder: String? = nil, builtIn: String? = ReportCatalog.builtInFolder()
    ) throws(ReportError) {
        var found: [String: ReportDefinition] = [:]
        if let builtIn {
            for report in try Self.read(builtIn) { found[report.name] = report }
        }
        var wrong: [(name: String, error: ReportError)] = []
        if let userFolder {
            guard Self.isFolder(userFolder) else { throw .noSuchFolder(path: userFolder) }
            for report in Self.read(userFolder, &wrong) { found[report.name] = report }
        } else if Self.isFolder("reports") {
            for report in Self.read("reports", &wrong) { found[report.name] = report }
        }
        problems = wrong
        for problem in wrong { found[problem.name] = nil }
        reports = found.values.sorted { $0.name < $1.name }
    }

    /// Returns the report of a name, or says which there are.
    package func report(named name: String) throws(ReportError) -> ReportDefinition {
        // A report that comes with Orrery does not stand in for one that is wrong.
        for problem in problems where problem.name == name { throw problem.error }
        guard let report = reports.first(where: { $0.name == name }) else {
            throw .unknown(name: name, known: reports.map(\.name))
        }
        return report
    }

    /// Returns the folder of the reports that come with Orrery, or nil when it cannot be found.
    ///
    /// It is the folder that `ORRERY_REPORTS` names; else `reports` or `share/orrery/reports` beside or above the
    /// executable, so that `.build/release/orrery` finds its checkout and `/usr/local/bin/orrery` what was installed.
    package static func builtInFolder() -> String? {
        if let named = ProcessInfo.processInfo.environment["ORRERY_REPORTS"], !named.isEmpty {
            return isFolder(named) ? named : nil
        }
        let link = "/proc/self/exe"
        let resolved = try? FileManager.default.destinationOfSymbolicLink(atPath: link)
        guard let executable = resolved ?? Bundle.main.executablePath else { return nil }
        var folder = URL(fileURLWithPath: executable).deletingLastPathComponent()
        while true {
            for name in ["reports", "share/orrery/reports"] {
                let candidate = folder.appendingPathComponent(name).path
                if isFolder(candidate), !sqlFiles(in: candidate).isEmpty { return candidate }
            }
            if folder.path == "/" || folder.path.isEmpty { return nil }
            folder = folder.deletingLastPathComponent()
        }
    }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    private static func sqlFiles(in folder: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasSuffix(".sql") }.sorted()
    }

    private static func read(_ folder: String) throws(ReportError) -> [ReportDefinition] {
        var reports: [ReportDefinition] = []
        for file in sqlFiles(in: folder) { reports.append(try read(file, in: folder)) }
        return reports
    }

    /// Reads what can be read; the user's other reports do not suffer from one that is wrong.
    private static func read(
        _ folder: String, _ wrong: inout [(name: String, error: ReportError)]
    ) -> [ReportDefinition] {
        var reports: [ReportDefinition] = []
        for file in sqlFiles(in: folder) {
            do throws(ReportError) {
                reports.append(try read(file, in: folder))
            } catch {
                wrong.append((String(file.dropLast(4)), error))
            }
        }
        return reports
    }

    private static func read(_ file: String, in folder: String) throws(ReportError) -> ReportDefinition {
        let path = folder + "/" + file
        guard let bytes = FileManager.default.contents(atPath: path) else {
            throw .unreadable(path: path, reason: "the file cannot be read")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw .unreadable(path: path, reason: "the file is not UTF-8 text")
        }
        return try ReportDefinition(name: String(file.dropLast(4)), parsing: text)
    }
}
