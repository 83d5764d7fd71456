/// Gives texts their numbers in the table `text`, and writes each new one.
///
/// Texts that no row has used for long are forgotten, so that memory stays bounded; one that comes back is
/// written again under another number.
struct TextTable {
    /// Where texts stand; in most columns the same one comes many times in a row.
    enum Column: Int, CaseIterable {
        case namespace, phase, endReason, object, reason, source, outcome, attemptMessage, plugin, refusal, image
        case pullOutcome, account, container, signal, causeKind, causeActor, causeDetail, labels, accountNamespace,
            accountLabels
    }

    /// The most texts that are remembered.
    private static let capacity = 65_536

    private var recent: [TextKey: Int64] = [:]
    private var older: [TextKey: Int64] = [:]
    private var last: Int64 = 0
    private var latest: [(text: String, number: Int64)] = Array(repeating: ("", 0), count: Column.allCases.count)

    /// Returns the number of `text`, and writes it through `insert` when it is new.
    @inline(__always)
    mutating func number(of text: String, in column: Column, insert: BatchInsert) -> Int64 {
        let place = column.rawValue
        if latest[place].number != 0, latest[place].text == text { return latest[place].number }
        let number = number(of: text, insert: insert)
        latest[place] = (text, number)
        return number
    }

    private mutating func number(of text: String, insert: BatchInsert) -> Int64 {
        let key = TextKey(text)
        if let known = recent[key] { return known }
        if recent.count >= Self.capacity / 2 {
            swap(&recent, &older)
            recent.removeAll(keepingCapacity: true)
        }
        if let known = older[key] {
            recent[key] = known
            return known
        }
        last += 1
        recent[key] = last
        insert.bind(last)
        insert.bind(text)
        insert.insert()
        return last
    }
}
