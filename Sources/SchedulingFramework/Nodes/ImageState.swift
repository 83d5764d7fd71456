// Kubernetes counterpart: fwk.ImageStateSummary. Deliberate difference: the number of nodes is always the present one.

/// An image, and how far it is spread over the cluster.
package final class ImageState {
    /// Bytes, as the first node that had the image reported it.
    package let size: Int64
    package var nodeCount: Int

    package init(size: Int64, nodeCount: Int = 0) {
        self.size = size
        self.nodeCount = nodeCount
    }
}
