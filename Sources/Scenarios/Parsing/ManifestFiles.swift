import Foundation
import KubernetesAPI

/// Finds and reads the files that a command line names.
enum ManifestFiles {
    private static let extensions: Set<String> = ["yaml", "yml", "json"]

    /// Returns the files of `paths` in order; what cannot be read is recorded.
    static func read(paths: [String], standardInput: [UInt8]?, diagnostics: Diagnostics) -> [LoadedFile] {
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
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                diagnostics.add(Diagnostic(.error, file: path, message: "there is no such file or folder"))
                continue
            }
            let names = isFolder.boolValue ? manifests(in: path) : [path]
            if names.isEmpty {
                diagnostics.add(
                    Diagnostic(.warning, file: path, message: "the folder holds no .yaml, .yml or .json file"))
            }
            files += names.compactMap { read($0, diagnostics) }
        }
        return files
    }

    /// Returns the manifests below a folder, in name order; names that start with a dot are passed over.
    private static func manifests(in folder: String) -> [String] {
        var found: [String] = []
        guard let names = FileManager.default.enumerator(atPath: folder) else { return [] }
        for case let name as String in names {
            let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
            guard !isHidden, let dot = name.lastIndex(of: ".") else { continue }
            if extensions.contains(name[name.index(after: dot)...].lowercased()) { found.append(name) }
        }
        let base = folder.hasSuffix("/") ? String(folder.dropLast()) : folder
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
