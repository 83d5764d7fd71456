/// Rows on their way into one table: the numbers in one buffer, the texts in another, from which SQLite reads them
/// without a copy.
final class RowBuffer {
    /// What a column holds.
    enum Column {
        case integer, text, blob
    }

    /// Rows that wait for each other.
    private static let rowsMax = 128
    /// Stands for NULL among the buffered numbers; no column of ours can hold it.
    static let null = Int64.min

    let columns: [Column]
    private let valuesMax: Int
    // A number, or where in `bytes` a text begins (upper half) and how long it is.
    private let values: UnsafeMutablePointer<Int64>
    private var count = 0
    private var bytes: UnsafeMutableRawBufferPointer
    private var bytesUsed = 0

    init(_ columns: [Column]) {
        self.columns = columns
        valuesMax = Self.rowsMax * columns.count
        values = .allocate(capacity: valuesMax)
        bytes = .allocate(byteCount: 4_096, alignment: 1)
    }

    deinit {
        values.deallocate()
        bytes.deallocate()
    }

    /// The whole rows that wait.
    var rows: Int { count / columns.count }

    /// Whether the next row needs `removeAll` first.
    @inline(__always)
    var isFull: Bool { count == valuesMax }

    /// What stands first in the row that came last.
    var lastNumber: Int64 { values[count - columns.count] }

    func removeAll() {
        count = 0
        bytesUsed = 0
    }

    /// What one place of a row holds.
    enum Value {
        case null
        case integer(Int64)
        case bytes(UnsafeRawPointer, count: Int32)
    }

    /// What stands in a row, counted from 0; bytes stay where they are until `removeAll` or the next row.
    @inline(__always)
    subscript(row: Int, column: Int) -> Value {
        let value = values[row * columns.count + column]
        if value == Self.null { return .null }
        if columns[column] == .integer { return .integer(value) }
        // The buffer always has an address, so that an empty text is not taken for NULL.
        guard let base = bytes.baseAddress else { preconditionFailure("a row buffer without memory") }
        return .bytes(UnsafeRawPointer(base + Int(value >> 32)), count: Int32(truncatingIfNeeded: value))
    }
}

// MARK: - One row

extension RowBuffer {
    /// Sets the next column.
    @inline(__always)
    func append(_ value: Int64) {
        values[count] = value
        count += 1
    }

    /// Leaves the next column without a value.
    @inline(__always)
    func appendNull() { append(Self.null) }

    /// Sets the next column, which holds text or a blob.
    func append(_ text: UnsafeRawBufferPointer) {
        if bytesUsed + text.count > bytes.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(
                byteCount: max(bytes.count * 2, bytesUsed + text.count), alignment: 1)
            larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<bytesUsed]))
            bytes.deallocate()
            bytes = larger
        }
        UnsafeMutableRawBufferPointer(rebasing: bytes[bytesUsed...]).copyMemory(from: text)
        append(Int64(bytesUsed) << 32 | Int64(text.count))
        bytesUsed += text.count
    }
}
