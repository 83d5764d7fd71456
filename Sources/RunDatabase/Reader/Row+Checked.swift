package import Chronology
import GRDB

/// A column that holds what no run writes: somebody else changed the file, or it is damaged.
struct DamagedColumn: Error, CustomStringConvertible {
    let column: String

    init(_ column: String) { self.column = column }

    var description: String { "the file is damaged: there is a value in \(column) that no run writes" }
}

/// What instants and lengths of time may be, so that sums and differences of two of them have room.
private enum TimeBounds {
    static let instants: ClosedRange<Int64> = -(1 << 61)...(1 << 62)
    static let lengths: ClosedRange<Int64> = -(1 << 62)...(1 << 62)
}

extension Row {
    /// Returns what stands in a column; the subscript would end the process where it is no such value.
    func value<Value: DatabaseValueConvertible & StatementColumnConvertible>(_ column: String) throws -> Value {
        do {
            return try decode(Value.self, forColumn: column)
        } catch {
            throw DamagedColumn(column)
        }
    }

    /// Returns the instant in a column.
    func instant(_ column: String) throws -> Instant {
        let time: Int64 = try value(column)
        guard TimeBounds.instants.contains(time) else { throw DamagedColumn(column) }
        return Instant(nanoseconds: time)
    }

    /// Returns the instant in a column, or nil where there is none.
    func instantIfAny(_ column: String) throws -> Instant? {
        let time: Int64? = try value(column)
        return try time.map { _ in try instant(column) }
    }

    /// Returns the length of time in a column.
    func duration(_ column: String) throws -> Duration {
        let time: Int64 = try value(column)
        guard TimeBounds.lengths.contains(time) else { throw DamagedColumn(column) }
        return Duration(nanoseconds: time)
    }

    /// Returns the number in a column that counts something.
    func count(_ column: String) throws -> Int64 {
        let number: Int64 = try value(column)
        guard number >= 0, number <= TimeBounds.lengths.upperBound else { throw DamagedColumn(column) }
        return number
    }
}

extension RunReader {
    /// Returns the instant that a query answered in a column, in nanoseconds.
    package func instant(_ value: SQLValue, _ column: String) throws(RunDatabaseError) -> Instant {
        guard case .integer(let time) = value, TimeBounds.instants.contains(time) else {
            throw .failed(path: path, reason: DamagedColumn(column).description)
        }
        return Instant(nanoseconds: time)
    }
}
