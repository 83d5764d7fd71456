/// When a node changed last: what a memo reads of it before anything else.
struct NodeGenerations {
    /// Changes with every change that can change an answer of a plugin; 0 where there is no node.
    var any: UInt64 = 0
    /// Changes with every change of labels, taints and the like.
    var object: UInt64 = 0
    /// Changes with every change of the images on the node.
    var images: UInt64 = 0
}
