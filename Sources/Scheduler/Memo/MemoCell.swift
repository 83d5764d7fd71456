/// What a memo keeps of one node and reads whenever its pods change: small, since there are many and few are near.
struct MemoCell {
    /// The weighted sum of the scores that follow from usage; of use only where the node passed.
    var usageTotal: Int64 = 0
    /// The weighted sum of all others, as the ranking has them.
    var baseTotal: Int64 = 0
    /// 0 when the node passed, else an index into the memo's verdicts.
    var verdictID: Int32 = 0
    /// The same for the filters that look at the node object alone.
    var objectVerdictID: Int32 = 0
}

/// What a memo keeps of one node object.
struct MemoObject {
    /// As of the last look.
    var generations = NodeGenerations()
    /// The weighted sum of the scores that follow from the node object and need no normalisation.
    var total: Int64 = 0
    /// Which of the pod's images the node has.
    var imageKind: Int32 = 0
}
