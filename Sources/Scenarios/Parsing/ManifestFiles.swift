import Foundation
import KubernetesAPI

/// Finds and reads the files that a command line names.
enum ManifestFiles {
    private static let extensions: Set<String> = ["yaml", "yml", "json"]

    /// Returns the files of `paths` in order; what cannot be read is recorded.
    ///
    /// `streams` holds what has come already out of paths that can be read only once.
    static func read(
        paths: [String], standardInput: [UInt8]?, streams: [String: [UInt8]] = [:], diagnostics: Diagnostics
    ) -> [LoadedFile] {
        var files: [LoadedFile] = []
        for path in paths {
            if path == "-" {
                if let standardInput {
                    files.append(LoadedFile(name: "<stdin>", contents: standardInput))
                } else {
                    diagnostics.add(Diagnostic(.error, file: "<stdin>", message: "nothing came on standard input"))
                }
                continue
            }
            if let contents = streams[path] {
                files.append(LoadedFile(name: path, contents: contents))
                continue
            }
            switch FileKind(at: path) {
            case .nothing:
                diagnostics.add(Diagnostic(.error, file: path, message: "there is no such file or folder"))
            case .file, .stream: files += [read(path, diagnostics)].compactMap { $0 }
            case .folder:
                let before = diagnostics.errorCount
                let names = manifests(in: path, diagnostics)
                if names.isEmpty, diagnostics.errorCount == before {
                    diagnostics.add(
                        Diagnostic(.warning, file: path, message: "the folder holds no .yaml, .yml or .json file"))
                }
                files += names.compactMap { read($0, diagnostics) }
            }
        }
        return files
    }

    /// Returns the manifests below a folder, in name order; names that start with a dot are passed over.
    private static func manifests(in folder: String, _ diagnostics: Diagnostics) -> [String] {
        let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        var found: [String] = []
        var waiting = [""]
        while let below = waiting.popLast() {
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: base + "/" + below) else {
                let path = below.isEmpty ? folder : base + "/" + below
                diagnostics.add(Diagnostic(.error, file: path, message: "the folder cannot be read"))
                continue
            }
            for name in names.sorted() where !name.hasPrefix(".") {
                let rest = below.isEmpty ? name : below + "/" + name
                let path = base + "/" + rest
                let kind = FileKind(at: path)
                // A link to a folder may lead back here.
                if kind == .folder, !FileKind.isLink(path) { waiting.append(rest) }
                guard kind != .folder, let dot = name.lastIndex(of: "."),
                    extensions.contains(name[name.index(after: dot)...].lowercased())
                else { continue }
                if kind == .stream {
                    // A pipe that nobody writes to would keep us waiting for ever.
                    diagnostics.add(Diagnostic(.warning, file: path, message: "this is no regular file: passed over"))
                } else {
                    found.append(rest)
                }
            }
        }
        return found.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) }.map { "\(base)/\($0)" }
    }

    private static func read(_ path: String, _ diagnostics: Diagnostics) -> LoadedFile? {
        // Reading in parts bounds what a device or a pipe can make us hold.
        let limit = ManifestParser.jsonSizeLimit
        guard let handle = FileHandle(forReadingAtPath: path) else {
            diagnostics.add(Diagnostic(.error, file: path, message: "the file cannot be opened"))
            return nil
        }
        defer { try? handle.close() }
        var contents: [UInt8] = []
        do {
            while let part = try handle.read(upToCount: 1 << 20), !part.isEmpty {
                contents.append(contentsOf: part)
                guard contents.count <= limit else {
                    diagnostics.add(
                        Diagnostic(
                            .error, file: path, message: "the file is too large",
                            expected: "at most \(limit >> 20) MiB"))
                    return nil
                }
            }
        } catch {
            diagnostics.add(Diagnostic(.error, file: path, message: "the file cannot be read"))
            return nil
        }
        return LoadedFile(name: path, contents: contents)
    }
}
