/// What a memo keeps of one node; one line of the processor's cache.
struct MemoCell {
    /// The generations of the node at the last look.
    var generation: UInt64 = 0
    var objectGeneration: UInt64 = 0
    var imageGeneration: UInt64 = 0
    /// The weighted sum of the scores that follow from the node object alone.
    var objectTotal: Int64 = 0
    /// The same with those that follow from usage; of use only where the node passed.
    var fixedTotal: Int64 = 0
    /// The weighted sum of the normalised scores, given the maxima of the ranking.
    var normalTotal: Int64 = 0
    /// 0 when the node passed, else an index into the memo's verdicts.
    var verdictID: Int32 = 0
    var objectVerdictID: Int32 = 0
    /// Which of the pod's images the node has.
    var imageKind: Int32 = 0
}
