import Foundation

/// What stands at a path; links are followed.
package enum FileKind {
    case file, folder
    /// A pipe, a device or a socket: what comes out of it can be read once.
    case stream
    case nothing

    package init(at path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            self = .nothing
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG: self = .file
        case S_IFDIR: self = .folder
        case _: self = .stream
        }
    }

    /// Whether a link stands at `path`.
    static func isLink(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFLNK
    }
}
