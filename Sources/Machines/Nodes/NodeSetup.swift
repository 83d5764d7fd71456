package import KubernetesAPI

/// What a node agent has to know of its machine.
package struct NodeSetup: Hashable, Sendable {
    /// The node's name.
    package var name: String
    /// Bytes per second that it receives; nil for `KubeletParameters.nodeBandwidth`.
    package var bandwidth: Int64?
    /// Bytes of disk for images; nil keeps every image for ever.
    package var imageDisk: Int64?
    /// Images that are there from the beginning, as a node's status lists them.
    package var images: [NodeImage]
    /// References of images that are there from the beginning.
    package var presentImages: [String] = []
    /// Where it stands; machines of one zone share a pull-through cache.
    package var zone = ""
    /// Which manifest of an index it takes.
    package var architecture = MachineType.Architecture.amd64

    /// Creates a setup.
    package init(name: String, bandwidth: Int64? = nil, imageDisk: Int64? = nil, images: [NodeImage] = []) {
        self.name = name
        self.bandwidth = bandwidth
        self.imageDisk = imageDisk
        self.images = images
    }
}
