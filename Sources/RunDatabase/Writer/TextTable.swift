/// Gives texts their numbers in the table `text`, and writes each new one.
///
/// Texts that no row has used for long are forgotten, so that memory stays bounded; one that comes back is
/// written again under another number.
struct TextTable {
    /// The most texts that are remembered.
    private static let capacity = 65_536

    private var recent: [String: Int64] = [:]
    private var older: [String: Int64] = [:]
    private var last: Int64 = 0

    /// Returns the number of `text`, and writes it through `insert` when it is new.
    mutating func number(of text: String, insert: InsertStatement) -> Int64 {
        if let known = recent[text] { return known }
        if recent.count >= Self.capacity / 2 {
            swap(&recent, &older)
            recent.removeAll(keepingCapacity: true)
        }
        if let known = older[text] {
            recent[text] = known
            return known
        }
        last += 1
        recent[text] = last
        insert.bind(last)
        insert.bind(text)
        insert.insert()
        return last
    }
}
