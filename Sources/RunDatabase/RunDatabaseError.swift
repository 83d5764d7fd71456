import GRDB

/// The reason why a run's database cannot be written or read, in words for its user.
package enum RunDatabaseError: Error, Hashable, Sendable {
    /// There is no file at the path.
    case noSuchFile(path: String)
    /// There is a file, and SQLite cannot make sense of it.
    case notADatabase(path: String)
    /// There is an SQLite database that no run wrote, or whose run ended before it began.
    case notARun(path: String)
    /// There is a file, and no experiment wrote it.
    case notAnExperiment(path: String)
    /// There is an experiment in the file, and it is another one.
    case otherExperiment(path: String)
    /// A later version of this program wrote the file.
    case newerSchema(path: String, found: Int, known: Int)
    /// A file is in the way of a new database.
    case exists(path: String)
    /// SQLite refused: a full disk, a missing permission, a mistake in a query.
    case failed(path: String, reason: String)
}

extension RunDatabaseError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .noSuchFile(let path):
            "there is no file \(path)"
        case .notADatabase(let path):
            "\(path) is not an SQLite database, or it is damaged"
        case .notARun(let path):
            "\(path) is an SQLite database, but it holds no run of Orrery"
        case .notAnExperiment(let path):
            "\(path) exists, but it holds no experiment of Orrery"
        case .otherExperiment(let path):
            "\(path) holds another experiment, or an earlier state of this one: name another file, or remove it"
        case .newerSchema(let path, let found, let known):
            "\(path) was written by a newer Orrery (schema \(found); this one knows schema \(known)): update Orrery"
        case .exists(let path):
            "\(path) exists already: name another file, or allow it to be overwritten"
        case .failed(let path, let reason):
            "\(path): \(reason)"
        }
    }
}

extension RunDatabaseError {
    /// Creates the reason that an error of GRDB stands for.
    init(_ error: any Error, path: String) {
        if let known = error as? RunDatabaseError {
            self = known
        } else if let error = error as? DatabaseError {
            switch error.resultCode {
            case .SQLITE_NOTADB, .SQLITE_CORRUPT: self = .notADatabase(path: path)
            default: self = .failed(path: path, reason: error.message ?? "SQLite error \(error.resultCode.rawValue)")
            }
        } else {
            self = .failed(path: path, reason: "\(error)")
        }
    }
}
