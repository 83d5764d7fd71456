import Foundation
import KubernetesAPI

/// Reads the files that a run depends on, and keeps what was read under names that say nothing of this machine.
///
/// A path is stored as it was given: those of a scenario relative to its folder, those of the command line as typed;
/// of an absolute path only the last part is kept. The stored texts are all that a replay reads.
final class InputLedger {
    /// Where a path stands, which decides what it is relative to.
    enum Base {
        /// The command line: relative to the working directory.
        case request
        /// The scenario: relative to its folder.
        case scenario
    }

    private enum Source {
        case disk(standardInput: [UInt8]?)
        case memory([(name: String, text: String)])
    }

    private let source: Source
    /// Where what is wrong is recorded.
    var diagnostics: Diagnostics
    // Whether files that an earlier run has not kept are read from the disk.
    private let readsMore: Bool
    // What is handed over stands above what lies on the disk under the same name.
    private let supplied: [SuppliedInput]
    // What has come already out of paths that can be read only once.
    private let streams: [String: [UInt8]]
    /// The folder of the scenario, without a slash at the end; empty for the working directory.
    var folder = ""
    /// What was read, in order of first reading.
    private(set) var inputs: [(name: String, text: String)] = []
    /// Names as shown in messages, and as they are stored.
    private(set) var storedNames: [(shown: String, stored: String)] = []
    // Paths given so far: what they mean on this machine, and how they are stored.
    private var paths: [(physical: String, stored: String)] = []

    /// Reads from the disk, and from `standardInput` for `-`; what a scenario names like one of `supplied` is that.
    init(
        standardInput: [UInt8]?, streams: [String: [UInt8]] = [:], supplied: [SuppliedInput] = [],
        diagnostics: Diagnostics
    ) {
        self.streams = streams
        source = .disk(standardInput: standardInput)
        self.supplied = supplied
        self.diagnostics = diagnostics
        readsMore = true
    }

    /// Reads from what an earlier run has kept, and from the disk what it has not when it `readsMore`.
    init(inputs: [(name: String, text: String)], readsMore: Bool = false, diagnostics: Diagnostics) {
        source = .memory(inputs)
        supplied = []
        streams = [:]
        self.diagnostics = diagnostics
        self.readsMore = readsMore
    }

    // MARK: - Names

    /// The path on this machine.
    private func physical(_ path: String, _ base: Base) -> String {
        if path == "-" || path.hasPrefix("/") { return path }
        switch base {
        case .request: return path
        case .scenario: return folder.isEmpty ? path : "\(folder)/\(path)"
        }
    }

    /// Returns the name under which `path` is stored; the same for every path to the same thing.
    func storedPath(_ path: String, _ base: Base) -> String {
        if path == "-" { return path }
        let physical = Self.cleaned(physical(path, base))
        for known in paths where known.physical == physical { return known.stored }
        // What lies in a folder that has a name is called after it: any other name would be in its way.
        for known in paths where physical.hasPrefix(known.physical + "/") {
            return known.stored + physical.dropFirst(known.physical.count)
        }
        var stored = Self.cleaned(path)
        if stored.hasPrefix("/") { stored = stored.split(separator: "/").last.map(String.init) ?? "root" }
        var candidate = stored
        var number = 2
        while paths.contains(where: { Self.overlap($0.stored, candidate) }) {
            candidate = "\(stored)~\(number)"
            number += 1
        }
        paths.append((physical, candidate))
        return candidate
    }

    /// Whether one of two names could hold the other's files.
    private static func overlap(_ left: String, _ right: String) -> Bool {
        left == right || left.hasPrefix(right + "/") || right.hasPrefix(left + "/")
    }

    /// Removes what changes nothing about a path: `./`, `//` and a slash at the end.
    static func cleaned(_ path: String) -> String {
        let parts = path.split(separator: "/").filter { $0 != "." }
        let joined = parts.joined(separator: "/")
        if path.hasPrefix("/") { return "/" + joined }
        return joined.isEmpty ? "." : joined
    }

    // MARK: - Reading

    /// Returns whether a file stands at `path`, without taking a name for it.
    func isFile(_ path: String, _ base: Base) -> Bool {
        switch source {
        case .disk: FileManager.default.fileExists(atPath: physical(path, base))
        case .memory(let texts): texts.contains { $0.name == path }
        }
    }

    /// Returns whether there is something at `path`.
    func exists(_ path: String, _ base: Base) -> Bool {
        switch source {
        case .disk: return FileManager.default.fileExists(atPath: physical(path, base))
        case .memory(let texts):
            let stored = storedPath(path, base)
            return texts.contains { $0.name == stored || $0.name.hasPrefix(stored + "/") }
        }
    }

    /// Returns whether a folder stands at `path`.
    func isFolder(_ path: String, _ base: Base) -> Bool {
        switch source {
        case .disk:
            var isFolder: ObjCBool = false
            return FileManager.default.fileExists(atPath: physical(path, base), isDirectory: &isFolder)
                && isFolder.boolValue
        case .memory(let texts):
            // What a request names was stored under just that name.
            return texts.contains { $0.name.hasPrefix(path + "/") }
        }
    }

    /// Returns the files of `path`, a file or a folder with manifests, or records what is wrong.
    func read(_ path: String, _ base: Base) -> [LoadedFile] {
        let stored = storedPath(path, base)
        switch source {
        case .memory(let texts):
            let wanted = stored == "-" ? "<stdin>" : stored
            let found = texts.filter { $0.name == wanted || $0.name.hasPrefix(wanted + "/") }
            if found.isEmpty, readsMore { return readDisk(path, base, stored: stored, standardInput: nil) }
            if found.isEmpty {
                diagnostics.add(
                    Diagnostic(.error, file: wanted, message: "the run has not kept this file: it cannot be replayed"))
            }
            return found.map { input in
                keep(input.name, shown: input.name, text: input.text)
                return LoadedFile(name: input.name, contents: Array(input.text.utf8))
            }
        case .disk(let standardInput):
            return readDisk(path, base, stored: stored, standardInput: standardInput)
        }
    }

    /// Returns the files of `path` without keeping them; what is wrong with them is told when they are read.
    func peek(_ path: String, _ base: Base) -> [LoadedFile] {
        guard case .disk(let standardInput) = source else { return [] }
        return ManifestFiles.read(
            paths: [Self.cleaned(physical(path, base))], standardInput: standardInput, streams: streams,
            diagnostics: Diagnostics())
    }

    private func readDisk(_ path: String, _ base: Base, stored: String, standardInput: [UInt8]?) -> [LoadedFile] {
        let physical = Self.cleaned(physical(path, base))
        let files = ManifestFiles.read(
            paths: [physical], standardInput: standardInput, streams: streams, diagnostics: diagnostics)
        for file in files {
            let rest = file.name.hasPrefix(physical + "/") ? String(file.name.dropFirst(physical.count)) : ""
            keep(
                file.name == "<stdin>" ? file.name : stored + rest, shown: file.name,
                text: String(decoding: file.contents, as: UTF8.self))
        }
        return files
    }

    /// Returns one file, or records what is wrong with it at the place where it is named.
    func readFile(_ path: String, _ base: Base) -> LoadedFile? {
        if base == .scenario, let input = supplied.first(where: { $0.name == path }) {
            keep(path, shown: path, text: input.text)
            return LoadedFile(name: path, contents: Array(input.text.utf8))
        }
        if path != "-", isFolder(path, base) {
            diagnostics.add(Diagnostic(.error, file: path, message: "this is a folder", expected: "a file"))
            return nil
        }
        return read(path, base).first
    }

    /// The files on this machine that were read; of those that a run has kept, nobody knows where they lie.
    var filesOnDisk: [String] {
        if case .disk = source { storedNames.map(\.shown) } else { [] }
    }

    private func keep(_ name: String, shown: String, text: String) {
        if !storedNames.contains(where: { $0.shown == shown }) { storedNames.append((shown, name)) }
        if !inputs.contains(where: { $0.name == name }) { inputs.append((name, text)) }
    }

    /// Returns the name under which a file is stored that messages call `shown`.
    func storedName(ofShown shown: String) -> String {
        for names in storedNames where names.shown == shown { return names.stored }
        return shown
    }
}
