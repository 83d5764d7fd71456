/// When a node object changed last; the numbers ascend, and none is given twice.
struct NodeGenerations {
    /// Changes with every change of labels, taints and the like; 0 where there has been no node.
    var object: UInt64 = 0
    /// Changes with every change of the images on the node.
    var images: UInt64 = 0
}
