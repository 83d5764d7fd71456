import Chronology
import KubernetesAPI
import Testing

@testable import Machines

@Suite struct ImageGCTests {
    private func bench(
        disk: Int64 = 300_000_000, pinned: String? = nil, _ change: (inout KubeletParameters) -> Void = { _ in }
    ) -> (Bench, NodeSlot) {
        var parameters = KubeletParameters()
        parameters.pullOverhead = .zero
        parameters.unpackRate = .max
        parameters.diskPercent = 100
        change(&parameters)
        var catalogue = ImageCatalogue()
        for name in ["a", "b", "c", "d"] {
            var statement = ImageStatement(
                .manifest(.init(content: .layers([ImageLayer(digest: name, bytes: 100_000_000)]))))
            statement.isPinned = name == pinned
            catalogue.declare("\(name):1", statement)
        }
        var bench = Bench(parameters: parameters, catalogue: catalogue)
        let node = bench.fleet.addNode(NodeSetup(name: "n1", imageDisk: disk), at: .start)
        return (bench, node)
    }

    private func tags(_ bench: Bench, _ node: NodeSlot) -> [String] {
        bench.fleet.images(on: node).compactMap { $0.names.last }.filter { $0.hasPrefix("docker.io/library/") }
            .map { String($0.dropFirst(18)) }.sorted()
    }

    /// Runs a pod of each image, one after the other, ten minutes each.
    private func use(_ images: [String], _ bench: inout Bench, _ node: NodeSlot) {
        for image in images {
            let slot = bench.assign(makePod(image: image), to: node)
            bench.run(for: .minutes(10))
            bench.act { $0.forget(slot, at: $1, into: &$2) }
        }
    }

    @Test func `the image used least recently makes room, at a five-minute tick`() {
        var (bench, node) = bench()
        use(["a:1", "b:1"], &bench, node)
        _ = bench.assign(makePod(image: "c:1"), to: node)
        bench.run(until: at(20 * 60 + 299))
        #expect(tags(bench, node) == ["a:1", "b:1", "c:1"])
        bench.run(until: at(20 * 60 + 300))
        #expect(tags(bench, node) == ["b:1", "c:1"])
    }

    @Test(arguments: [(356_000_000, 85, 2), (358_000_000, 85, 3), (300_500_000, 100, 3)] as [(Int64, Int64, Int)])
    func `what is free is cut to a whole percent before it is compared`(disk: Int64, high: Int64, left: Int) {
        var (bench, node) = bench(disk: disk) { $0.imageGCHighThresholdPercent = high }
        // 300 MB and the sandbox image: 84.4, 83.9 and 99.9 % of the disk.
        use(["a:1", "b:1"], &bench, node)
        _ = bench.assign(makePod(image: "c:1"), to: node)
        bench.run(for: .minutes(10))
        #expect(tags(bench, node).count == left)
    }

    @Test func `images in use and pinned ones stay, however full the disk is`() {
        var (bench, node) = bench(disk: 310_000_000, pinned: "a")
        use(["a:1"], &bench, node)
        let slots = ["b:1", "c:1"].map { bench.assign(makePod(image: $0), to: node) }
        bench.run(for: .minutes(60))
        #expect(tags(bench, node) == ["a:1", "b:1", "c:1"])
        // The sandbox image is pinned too.
        #expect(bench.fleet.images(on: node).last?.names.last == "registry.k8s.io/pause:3.10.1")
        bench.act { $0.forget(slots[0], at: $1, into: &$2) }
        bench.run(for: .minutes(10))
        #expect(tags(bench, node) == ["a:1", "c:1"])
    }

    @Test func `a finished pod still uses its image until it is gone`() {
        var (bench, node) = bench(disk: 210_000_000)
        let done = bench.assign(makePod(image: "a:1", restart: .never), .quick(.quick(runTime: .seconds(1))), to: node)
        bench.run(for: .minutes(10))
        _ = bench.assign(makePod(image: "b:1"), to: node)
        bench.run(for: .minutes(30))
        #expect(tags(bench, node) == ["a:1", "b:1"])
        bench.act { $0.forget(done, at: $1, into: &$2) }
        bench.run(for: .minutes(5))
        #expect(tags(bench, node) == ["b:1"])
    }

    @Test func `an image younger than the minimum age stays`() {
        var (bench, node) = bench(disk: 110_000_000)
        bench.run(until: at(290))
        let slot = bench.assign(makePod(image: "a:1"), to: node)
        bench.run(until: at(295))
        bench.act { $0.forget(slot, at: $1, into: &$2) }
        bench.run(until: at(599))
        #expect(tags(bench, node) == ["a:1"])
        bench.run(until: at(600))
        #expect(tags(bench, node) == [])
    }

    @Test(arguments: [(310, 590, ["a:1", "c:1"]), (310, 600, ["b:1", "c:1"]), (290, 310, ["b:1", "c:1"])] as [(Int64, Int64, [String])])
    func `a kubelet knows of no use between its looks, and takes what it never saw in use for the older one`(
        from: Int64, to: Int64, left: [String]
    ) {
        var (bench, node) = bench(disk: 310_000_000)
        let first = bench.assign(makePod(image: "a:1"), to: node)
        bench.run(until: at(Double(from)))
        // It was in use at the look after 300 seconds, or at none.
        bench.act { $0.forget(first, at: $1, into: &$2) }
        let second = bench.assign(makePod(image: "b:1"), to: node)
        bench.run(until: at(Double(to)))
        bench.act { $0.forget(second, at: $1, into: &$2) }
        bench.run(until: at(650))
        _ = bench.assign(makePod(image: "c:1"), to: node)
        bench.run(until: at(900))
        #expect(tags(bench, node) == left)
    }

    @Test func `an image that no look saw in use goes once the kubelet is old enough`() {
        var (bench, node) = bench(disk: 10_000_000_000) { $0.imageMaximumGCAge = .hours(1) }
        bench.run(until: at(3_310))
        use(["a:1"], &bench, node)
        let short = bench.assign(makePod(image: "b:1"), to: node)
        bench.run(for: .minutes(1))
        bench.act { $0.forget(short, at: $1, into: &$2) }
        bench.run(until: at(4_199))
        #expect(tags(bench, node) == ["a:1", "b:1"])
        bench.run(until: at(4_200))
        #expect(tags(bench, node) == ["a:1"])
        // A look under pressure sees what the ticks do not.
        let brief = bench.assign(makePod(image: "c:1"), to: node)
        bench.run(for: .seconds(30))
        let freed = bench.act { $0.reclaimImages(on: node, atLeast: 1, at: $1, into: &$2) }
        #expect(freed == 100_000_000)
        bench.act { $0.forget(brief, at: $1, into: &$2) }
        bench.run(until: at(7_799))
        #expect(tags(bench, node) == ["c:1"])
        bench.run(until: at(8_100))
        #expect(tags(bench, node).isEmpty)
    }

    @Test func `an image that nobody used for the maximum age goes although there is room`() {
        var (bench, node) = bench(disk: 10_000_000_000) { $0.imageMaximumGCAge = .hours(1) }
        use(["a:1"], &bench, node)
        _ = bench.assign(makePod(image: "b:1"), to: node)
        bench.run(until: at(4_200))
        #expect(tags(bench, node) == ["a:1", "b:1"])
        bench.run(until: at(4_500))
        #expect(tags(bench, node) == ["b:1"])
        bench.run(for: .hours(5))
        #expect(tags(bench, node) == ["b:1"])
    }

    @Test func `under pressure images go until enough is free, and no more`() {
        var (bench, node) = bench(disk: 10_000_000_000)
        use(["a:1", "b:1", "c:1"], &bench, node)
        _ = bench.assign(makePod(image: "d:1"), to: node)
        bench.run(for: .minutes(5))
        let used = bench.fleet.imageDiskUse(on: node)
        let freed = bench.act { $0.reclaimImages(on: node, atLeast: 150_000_000, at: $1, into: &$2) }
        #expect(freed == 200_000_000)
        #expect(bench.fleet.imageDiskUse(on: node) == used - freed)
        #expect(tags(bench, node) == ["c:1", "d:1"])
        let rest = [Int64.max, 1].map { bytes in
            bench.act { $0.reclaimImages(on: node, atLeast: bytes, at: $1, into: &$2) }
        }
        #expect(rest == [100_000_000, 0])
        #expect(tags(bench, node) == ["d:1"])
    }

    @Test(arguments: [(50, 50), (3, 3), (0, 0), (-1, 61)])
    func `a node lists its largest images, no more than the limit`(limit: Int, count: Int) {
        var parameters = KubeletParameters()
        parameters.nodeStatusMaxImages = limit
        var bench = Bench(parameters: parameters)
        let images = (1...60).map { NodeImage(names: ["x\($0):1"], sizeBytes: Int64($0) * 1_000_000) }
        let node = bench.fleet.addNode(NodeSetup(name: "n1", images: images), at: .start)
        let listed = bench.fleet.images(on: node)
        #expect(listed.count == count)
        #expect(listed.map(\.sizeBytes) == listed.map(\.sizeBytes).sorted(by: >))
        if limit > 0 { #expect(listed[0].names.last == "docker.io/library/x60:1") }
        #expect(listed.allSatisfy { $0.names.count == 2 && $0.names[0].contains("@sha256:") })
    }

    @Test func `a store whose sum is wrong, or without an image in use, is found out`() {
        var (bench, node) = bench()
        _ = bench.assign(makePod(image: "a:1"), to: node)
        bench.run(for: .minutes(1))
        #expect(bench.fleet.imageStoreProblem() == nil && bench.fleet.imageUseProblem() == nil)
        let manifest = bench.fleet.nodes[0].images.names[0].manifest
        var broken = bench.fleet
        broken.nodes[0].images.retain(broken.catalogue.manifests[Int(manifest)].layers[0], in: broken.catalogue)
        #expect(broken.imageStoreProblem() != nil)
        var robbed = bench.fleet
        robbed.nodes[0].images.remove(manifest: manifest, in: robbed.catalogue)
        #expect(robbed.imageUseProblem() == "n1 runs a:1 and has it not")
    }
}
