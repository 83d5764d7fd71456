import Chronology
import KubernetesAPI
import Testing

@testable import Machines

@Suite struct ImageSupplyTests {
    /// Machines of 1 MB/s, pulls whose only time is that of the bytes.
    private func bench(
        images: [(String, [(String, Int64)])], supply: ImageSupply = ImageSupply(), registry: Int64 = 1_000_000_000,
        _ change: (inout KubeletParameters) -> Void = { _ in }
    ) -> Bench {
        var parameters = KubeletParameters()
        parameters.nodeBandwidth = 1_000_000
        parameters.registryBandwidth = registry
        parameters.pullOverhead = .zero
        parameters.unpackRate = .max
        parameters.sandboxImage = ""
        change(&parameters)
        var catalogue = ImageCatalogue()
        for (name, layers) in images {
            catalogue.declare(name, layers: layers.map { ImageLayer(digest: $0.0, bytes: $0.1) })
        }
        return Bench(parameters: parameters, catalogue: catalogue, supply: supply)
    }

    private func addNode(_ name: String, zone: String = "z", to bench: inout Bench) -> NodeSlot {
        var setup = NodeSetup(name: name)
        setup.zone = zone
        return bench.fleet.addNode(setup, at: bench.now)
    }

    private func supply(_ change: (inout ImageSupply) -> Void) -> ImageSupply {
        var supply = ImageSupply()
        change(&supply)
        return supply
    }

    private func registry(_ change: (inout RegistrySetup) -> Void) -> ImageSupply {
        supply {
            var setup = RegistrySetup(name: "docker.io")
            change(&setup)
            $0.registries = [setup]
        }
    }

    private let app: [(String, [(String, Int64)])] = [("a:1", [("base", 30_000_000), ("a", 10_000_000)])]

    // MARK: - Between registry and machine

    @Test func `a zone's cache fetches each layer once, and others wait for it and have it from there`() {
        var bench = bench(images: app, supply: supply { $0.cacheBandwidth = 100_000_000 })
        let nodes = [
            addNode("n1", to: &bench), addNode("n2", to: &bench), addNode("n3", to: &bench),
            addNode("far", zone: "y", to: &bench),
        ]
        for node in nodes { _ = bench.assign(makePod(image: "a:1"), to: node) }
        bench.run(for: .minutes(5))
        #expect(bench.pulls.map(\.traffic.total) == [40_000_000, 40_000_000, 40_000_000, 40_000_000])
        let own = bench.pulls.filter { $0.node == nodes[0] || $0.node == nodes[3] }
        #expect(own.map(\.traffic.registry) == [40_000_000, 40_000_000])
        #expect(own.map(\.to) == [at(40.5), at(40.5)])
        let others = bench.pulls.filter { $0.node == nodes[1] || $0.node == nodes[2] }
        #expect(others.map(\.traffic.cache) == [40_000_000, 40_000_000])
        // Half of a machine's bandwidth for each layer: the small one is in the cache after 20 s, the large one
        // after 40 s, and they take 10 and 30 s from there.
        #expect(others.map(\.to) == [at(70.5), at(70.5)])
        _ = bench.assign(makePod(image: "a:1"), to: addNode("late", to: &bench))
        bench.run(for: .minutes(5))
        #expect(bench.pulls.last?.traffic.cache == 40_000_000)
        #expect(bench.pulls.last?.to == at(300 + 40.5))
    }

    @Test func `when the first machine dies, the next one brings the layer into the cache`() {
        var bench = bench(images: app, supply: supply { $0.cacheBandwidth = 100_000_000 })
        let nodes = [addNode("n1", to: &bench), addNode("n2", to: &bench)]
        for node in nodes { _ = bench.assign(makePod(image: "a:1"), to: node) }
        bench.run(for: .seconds(10))
        bench.act { $0.powerOff(nodes[0], at: $1, into: &$2) }
        bench.run(for: .minutes(5))
        #expect(bench.pulls.map(\.outcome) == [.cancelled, .pulled])
        #expect(bench.pulls.map(\.traffic.registry) == [9_500_000, 40_000_000])
        #expect(bench.pulls.last?.to == at(50))
    }

    @Test func `a cache serves what it knows while the registry is down`() {
        var bench = bench(images: app, supply: supply { $0.cacheBandwidth = 100_000_000 })
        _ = bench.assign(makePod(image: "a:1"), to: addNode("n1", to: &bench))
        bench.run(for: .minutes(1))
        bench.act { $0.setRegistry("docker.io", isUp: false, at: $1, into: &$2) }
        _ = bench.assign(makePod(image: "a:1"), to: addNode("n2", to: &bench))
        let other = bench.assign(makePod(image: "a:1"), to: addNode("far", zone: "y", to: &bench))
        bench.run(for: .minutes(1))
        #expect(bench.pulls.filter { $0.outcome == .pulled }.count == 2)
        #expect(bench.time(of: Condition.ready, other) == nil)
    }

    @Test func `layers come from a machine of the zone, then from another zone, then from the registry`() {
        for scope in ImageSupply.PeerScope.allCases {
            var bench = bench(images: app, supply: supply { $0.peers = scope })
            _ = bench.assign(makePod(image: "a:1"), to: addNode("n1", to: &bench))
            bench.run(for: .minutes(2))
            for (name, zone) in [("n2", "z"), ("far", "y")] {
                _ = bench.assign(makePod(image: "a:1"), to: addNode(name, zone: zone, to: &bench))
                bench.run(for: .minutes(2))
            }
            _ = bench.assign(makePod(image: "a:1"), to: addNode("far2", zone: "y", to: &bench))
            bench.run(for: .minutes(2))
            let traffic = bench.pulls.map { [$0.traffic.registry, $0.traffic.peer, $0.traffic.crossZone] }
            let all: Int64 = 40_000_000
            #expect(traffic == [[all, 0, 0], [0, all, 0], scope == .zone ? [all, 0, 0] : [0, 0, all], [0, all, 0]])
        }
    }

    @Test func `a peer shares what it can send`() {
        var bench = bench(images: [("a:1", [("a", 10_000_000)])], supply: supply { $0.peers = .zone })
        _ = bench.assign(makePod(image: "a:1"), to: addNode("n1", to: &bench))
        bench.run(for: .minutes(1))
        for name in ["n2", "n3"] { _ = bench.assign(makePod(image: "a:1"), to: addNode(name, to: &bench)) }
        bench.run(for: .minutes(1))
        #expect(bench.pulls.dropFirst().map(\.to) == [at(80.5), at(80.5)])
    }

    @Test func `when a peer dies, the rest comes from elsewhere`() {
        var bench = bench(images: [("a:1", [("a", 10_000_000)])], supply: supply { $0.peers = .zone })
        let first = addNode("n1", to: &bench)
        _ = bench.assign(makePod(image: "a:1"), to: first)
        bench.run(for: .minutes(1))
        _ = bench.assign(makePod(image: "a:1"), to: addNode("n2", to: &bench))
        bench.run(for: .milliseconds(4_500))
        bench.act { $0.powerOff(first, at: $1, into: &$2) }
        bench.run(for: .minutes(1))
        #expect(bench.pulls.last?.traffic.peer == 4_000_000)
        #expect(bench.pulls.last?.traffic.registry == 6_000_000)
        #expect(bench.pulls.last?.to == at(70.5))
    }

    @Test func `with lazy loading a container starts with a share, and the rest streams in`() {
        var bench = bench(images: [("a:1", [("a", 10_000_000)])], supply: supply { $0.lazyShare = 200_000 })
        let node = addNode("n1", to: &bench)
        let slot = bench.assign(makePod(image: "a:1"), to: node)
        bench.run(for: .minutes(1))
        #expect(bench.time(of: Condition.ready, slot) == at(0.5 + 2 + 0.5))
        #expect(bench.pulls.map(\.outcome) == [.pulled, .streamed])
        #expect(bench.pulls.map(\.bytes) == [2_000_000, 8_000_000])
        #expect(bench.pulls.last?.to == at(10.5))
    }

    @Test(arguments: [nil, ImageSupply.PeerScope.zone])
    func `a zone's cache goes together with lazy loading, with and without peers`(peers: ImageSupply.PeerScope?) {
        let supply = supply {
            $0.cacheBandwidth = 100_000_000
            $0.lazyShare = 200_000
            $0.peers = peers
        }
        var bench = bench(images: [("a:1", [("a", 10_000_000)])], supply: supply)
        for name in ["n1", "n2"] { _ = bench.assign(makePod(image: "a:1"), to: addNode(name, to: &bench)) }
        bench.run(for: .minutes(1))
        #expect(bench.pulls.map(\.outcome).filter { $0 == .pulled }.count == 2)
        #expect(bench.pulls.map(\.bytes).sorted() == [2_000_000, 2_000_000, 8_000_000, 8_000_000])
        _ = bench.assign(makePod(image: "a:1"), to: addNode("late", to: &bench))
        bench.run(for: .minutes(1))
        // All of it passed the cache on its way to the first machines.
        let late = bench.pulls.dropFirst(4).map { peers == nil ? $0.traffic.cache : $0.traffic.peer }
        #expect(late == [2_000_000, 8_000_000])
    }

    @Test func `what streams waits for the machine, and for the registry`() {
        var bench = bench(images: [("a:1", [("a", 10_000_000)])], supply: supply { $0.lazyShare = 200_000 })
        let node = addNode("n1", to: &bench)
        _ = bench.assign(makePod(image: "a:1"), to: node)
        bench.run(until: at(4.5))
        bench.act { $0.powerOff(node, at: $1, into: &$2) }
        bench.run(until: at(20))
        bench.act { $0.powerOn(node, at: $1, into: &$2) }
        bench.run(until: at(22))
        bench.act { $0.setRegistry(nil, isUp: false, at: $1, into: &$2) }
        bench.run(until: at(40))
        bench.act { $0.setRegistry(nil, isUp: true, at: $1, into: &$2) }
        bench.run(until: at(100))
        // 4 MB, 2 MB, and the last 4.
        #expect(bench.pulls.map(\.outcome) == [.pulled, .streamed])
        #expect(bench.pulls.last?.to == at(44))
        #expect(bench.pulls.last?.bytes == 8_000_000)
    }

    @Test func `a stream ends with the pull that began it`() {
        var bench = bench(
            images: [("a:1", [("a", 10_000_000), ("b", 1_000_000)])], supply: supply { $0.lazyShare = 200_000 })
        let node = addNode("n1", to: &bench)
        let slot = bench.assign(makePod(image: "a:1"), to: node)
        bench.run(until: at(1.5))
        bench.act { $0.forget(slot, at: $1, into: &$2) }
        let again = bench.assign(makePod(image: "a:1"), to: node)
        bench.run(for: .minutes(1))
        #expect(bench.time(of: Condition.ready, again) != nil)
    }

    // MARK: - One machine

    @Test func `a layer that is on its way is fetched once, and the other pull waits for that alone`() {
        let images: [(String, [(String, Int64)])] = [
            ("a:1", [("base", 30_000_000), ("a", 10_000_000)]), ("b:1", [("base", 30_000_000), ("b", 5_000_000)]),
        ]
        var bench = bench(images: images) { $0.serializeImagePulls = false }
        let node = addNode("n1", to: &bench)
        for image in ["a:1", "b:1"] { _ = bench.assign(makePod(image: image), to: node) }
        bench.run(for: .minutes(5))
        #expect(bench.pulls.map(\.bytes).sorted() == [5_000_000, 40_000_000])
        // A third of a megabyte is no whole number of bytes.
        #expect(bench.pulls.allSatisfy { $0.to >= at(45.5) && $0.to < at(45.501) })
    }

    @Test func `a pull that ends early leaves a shared layer to the other one`() {
        let images: [(String, [(String, Int64)])] = [("a:1", [("base", 30_000_000)]), ("b:1", [("base", 30_000_000)])]
        var bench = bench(images: images) { $0.serializeImagePulls = false }
        let node = addNode("n1", to: &bench)
        for image in ["a:1", "b:1"] { _ = bench.assign(makePod(image: image), to: node) }
        bench.run(for: .seconds(10))
        bench.act { $0.cancelPulls([$0.nodes[0].activePulls[0]], at: $1, into: &$2) }
        bench.run(for: .minutes(5))
        #expect(bench.pulls.map(\.outcome) == [.cancelled, .pulled])
        #expect(bench.pulls.last?.to == at(30.5))
        #expect(bench.pulls.reduce(0) { $0 + $1.bytes } == 30_000_000)
    }

    @Test(arguments: [Int32(1), 2, 4])
    func `so many images are pulled at once`(limit: Int32) {
        let images = ["a", "b", "c", "d"].map { ("\($0):1", [($0, Int64(10_000_000))]) }
        var bench = bench(images: images) {
            $0.serializeImagePulls = false
            $0.maxParallelImagePulls = limit
        }
        let node = addNode("n1", to: &bench)
        for image in images { _ = bench.assign(makePod(image: image.0), to: node) }
        bench.run(for: .minutes(5))
        let ends = (1...4).map { at(0.5 + 10 * Double((Int32($0) + limit - 1) / limit * limit)) }
        #expect(bench.pulls.map(\.to) == ends)
    }

    @Test func `unpacking one at a time, images follow each other`() {
        let images = ["a", "b"].map { ("\($0):1", [($0, Int64(10_000_000))]) }
        for isSerial in [false, true] {
            var bench = bench(images: images) {
                $0.serializeImagePulls = false
                $0.serializeUnpack = isSerial
                $0.nodeBandwidth = 1_000_000_000
                $0.unpackRate = 1_000_000
            }
            let node = addNode("n1", to: &bench)
            for image in images { _ = bench.assign(makePod(image: image.0), to: node) }
            bench.run(for: .minutes(5))
            #expect(bench.pulls.map(\.to) == [at(10.52), at(isSerial ? 20.52 : 10.52)])
        }
    }

    // MARK: - Tags and digests

    @Test func `a moved tag is seen by who pulls, and its old digest stays`() throws {
        var bench = bench(images: [("a:1", [("base", 10_000_000), ("one", 1_000_000)])])
        let node = addNode("n1", to: &bench)
        func start(_ image: String, _ policy: Container.PullPolicy?) -> PodSlot {
            let slot = bench.assign(makePod(image: image) { $0.containers[0].imagePullPolicy = policy }, to: node)
            bench.run(for: .minutes(1))
            return slot
        }
        func id(_ slot: PodSlot) throws -> String {
            try #require(bench.statuses(of: slot).last?.status.containerStatuses[0].imageID)
        }
        let old = try id(start("a:1", nil))
        #expect(old.hasPrefix("docker.io/library/a@sha256:"))
        bench.fleet.updateCatalogue {
            $0.declare(
                "a:1",
                layers: [
                    ImageLayer(digest: "base", bytes: 10_000_000), ImageLayer(digest: "two", bytes: 2_000_000),
                ])
        }
        #expect(try id(start("a:1", .ifNotPresent)) == old)
        let new = try id(start("a:1", .always))
        #expect(new != old)
        // Only what is missing was fetched.
        #expect(bench.pulls.map(\.bytes) == [11_000_000, 2_000_000])
        #expect(bench.pulls.last?.cachedBytes == 10_000_000)
        #expect(try id(start("a:1", .ifNotPresent)) == new)
        #expect(try id(start(old, nil)) == old)
        #expect(bench.pulls.count == 2)
        let names = bench.fleet.images(on: node).map(\.names)
        #expect(names == [[new, "docker.io/library/a:1"], [old]])
        let runs = bench.log.compactMap { if case .imageRun(let run) = $0.effect { run.target } else { nil } }
        #expect(runs.count == 5 && Set(runs).count == 2)
    }

    @Test func `an image for another processor is refused by an index, and fails without one`() {
        var catalogue = ImageCatalogue()
        let arm = ImageStatement.Platform(architecture: .arm64, content: .size(1_000_000))
        catalogue.declare("index:1", ImageStatement(.index([arm])))
        catalogue.declare("plain:1", ImageStatement(.manifest(arm)))
        var bench = Bench(catalogue: catalogue)
        let node = bench.addNode()
        let slots = ["index:1", "plain:1"].map { bench.assign(makePod(image: $0), to: node) }
        bench.run(for: .seconds(25))
        #expect(bench.statuses(of: slots[0]).last?.status.containerStatuses[0].state == .waiting(reason: "ImagePullBackOff"))
        guard case .failed(let message)? = bench.pulls.first(where: { $0.pod == slots[0] })?.outcome else {
            Issue.record("the pull did not fail")
            return
        }
        #expect(message.hasPrefix("rpc error: code = NotFound desc = failed to pull and unpack image \"docker.io/library/index:1\""))
        #expect(message.contains("no match for platform in manifest sha256:"))
        #expect(bench.statuses(of: slots[1]).last?.status.containerStatuses[0].state == .waiting(reason: "CrashLoopBackOff"))
        #expect(bench.exits.allSatisfy { $0.exitCode == 255 && $0.reason == "Error" } && !bench.exits.isEmpty)
    }

    @Test func `images are fetched before a machine is ready, whatever comes of it`() {
        var bench = bench(images: app)
        bench.fleet.updateCatalogue { $0.markMissing("gone:1") }
        let node = addNode("n1", to: &bench)
        bench.act { $0.prepare(["a:1", "gone:1"], on: node, at: $1, into: &$2) }
        bench.run(for: .minutes(2))
        #expect(bench.log.first { $0.effect == .prepared(node) }?.at == at(40))
        #expect(bench.pulls.map { $0.outcome == .pulled } == [true, false])
        let slot = bench.assign(makePod(image: "a:1"), to: node)
        bench.run(for: .minutes(1))
        #expect(bench.time(of: Condition.ready, slot) == at(121))
    }

    // MARK: - Registries

    @Test func `a registry answers each request about manifests after its latency`() {
        var bench = bench(images: app, supply: registry { $0.latency = .seconds(1) })
        let node = addNode("n1", to: &bench)
        _ = bench.assign(makePod(image: "a:1"), to: node)
        bench.run(for: .minutes(2))
        _ = bench.assign(makePod(image: "a:1") { $0.containers[0].imagePullPolicy = .always }, to: node)
        bench.run(for: .minutes(2))
        // The reference and the manifest; later the reference alone.
        #expect(bench.pulls.map(\.to) == [at(42.5), at(121.5)])
    }

    @Test(arguments: [RegistrySetup.RateLimit.Scope.client, .registry])
    func `manifests are counted against a quota, and a new window begins`(scope: RegistrySetup.RateLimit.Scope) {
        let images = ["a", "b", "c"].map { ("\($0):1", [($0, Int64(1_000))]) }
        let limit = RegistrySetup.RateLimit(pulls: 2, window: .minutes(10), scope: scope)
        var bench = bench(images: images, supply: registry { $0.rateLimit = limit })
        let nodes = [addNode("n1", to: &bench), addNode("n2", to: &bench)]
        for image in images { _ = bench.assign(makePod(image: image.0), to: nodes[0]) }
        // What is there costs nothing.
        bench.run(for: .minutes(1))
        _ = bench.assign(makePod(image: "a:1") { $0.containers[0].imagePullPolicy = .always }, to: nodes[0])
        _ = bench.assign(makePod(image: "a:1"), to: nodes[1])
        bench.run(for: .minutes(5))
        let pulled = bench.pulls.filter { $0.outcome == .pulled }.map { "\($0.image) \($0.node.index)" }
        #expect(pulled == ["a:1 0", "b:1 0", "a:1 0"] + (scope == .client ? ["a:1 1"] : []))
        let refused = bench.pulls.filter { $0.outcome != .pulled }
        #expect(
            refused.allSatisfy {
                if case .failed(let text) = $0.outcome { text.contains("429 Too Many Requests") } else { false }
            })
        bench.run(for: .minutes(12))
        let places: [String] = bench.pulls.filter { $0.outcome == .pulled }.map { "\($0.image) \($0.node.index)" }
        #expect(Set(places).count == 4)
    }

    @Test(arguments: [
        (PullFailure.notFound, "code = NotFound desc = failed to pull and unpack image \"docker.io/library/a:1\": failed to resolve reference \"docker.io/library/a:1\": docker.io/library/a:1: not found"),
        (.noRepository, "pull access denied, repository does not exist or may require authorization"),
        (.unauthorized, "https://docker.io/v2/library/a/manifests/1: 401 Unauthorized"),
        (.unreachable, "failed to do request: Head \"https://docker.io/v2/library/a/manifests/1\": connection refused"),
    ])
    func `each failure has the runtime's words`(failure: PullFailure, words: String) {
        var setup = RegistrySetup(name: "docker.io")
        setup.isUnauthorized = failure == .unauthorized
        setup.isDown = failure == .unreachable
        var bench = bench(images: app, supply: supply { $0.registries = [setup] })
        bench.fleet.updateCatalogue {
            if failure == .notFound { $0.markMissing("a:1") }
            if failure == .noRepository { $0.declare("a:1", ImageStatement(.missingRepository)) }
        }
        let slot = bench.assign(makePod(image: "a:1"), to: addNode("n1", to: &bench))
        bench.run(for: .seconds(5))
        guard case .failed(let message)? = bench.pulls.first?.outcome else {
            Issue.record("the pull did not fail")
            return
        }
        #expect(message.hasPrefix("rpc error: ") && message.contains(words), "\(message)")
        #expect(bench.messages("Failed", of: slot) == ["Error: ErrImagePull", "Error: ImagePullBackOff"])
        #expect(bench.messages("BackOff", of: slot) == ["Back-off pulling image \"a:1\""])
    }

    @Test func `a damaged layer is refused and fetched again`() {
        var bench = bench(images: app, supply: registry { $0.corruptShare = 500_000 })
        var ready = 0
        for number in 0..<20 {
            let slot = bench.assign(makePod(image: "a:1"), to: addNode("n\(number)", to: &bench))
            bench.run(for: .hours(2))
            if bench.time(of: Condition.ready, slot) != nil { ready += 1 }
        }
        #expect(ready == 20)
        let failures = bench.pulls.filter { $0.outcome != .pulled }
        // One of two layers is damaged in three of four pulls.
        #expect((20...120).contains(failures.count))
        #expect(
            failures.allSatisfy {
                if case .failed(let text) = $0.outcome { text.contains("unexpected commit digest sha256:") } else { false }
            })
        #expect(failures.allSatisfy { $0.bytes > 0 })
    }

    @Test func `a layer that is damaged in the registry fails until it is pushed again`() {
        var bench = bench(images: [])
        var statement = ImageStatement(.manifest(.init(content: .size(1_000))))
        statement.isCorrupt = true
        bench.fleet.updateCatalogue { $0.declare("a:1", statement) }
        let slot = bench.assign(makePod(image: "a:1"), to: addNode("n1", to: &bench))
        bench.run(for: .minutes(10))
        #expect(bench.time(of: Condition.ready, slot) == nil)
        statement.isCorrupt = false
        bench.fleet.updateCatalogue { $0.declare("a:1", statement) }
        bench.run(for: .minutes(6))
        #expect(bench.time(of: Condition.ready, slot) != nil)
    }

    // MARK: - Back-off

    @Test func `containers of a pod share the back-off of an image, which is forgotten after ten minutes`() {
        var missing = ImageCatalogue()
        missing.markMissing("gone:1")
        var bench = Bench(catalogue: missing)
        let node = bench.addNode()
        let slot = bench.assign(
            makePod(image: "gone:1") { $0.containers.append(Container(name: "second", image: "gone:1")) }, to: node)
        bench.run(for: .seconds(5))
        #expect(bench.pulls.count == 1)
        let states = bench.statuses(of: slot).last?.status.containerStatuses.map(\.state)
        #expect(states == [.waiting(reason: "ImagePullBackOff"), .waiting(reason: "ImagePullBackOff")])
        bench.run(for: .seconds(30))
        #expect(bench.pulls.count == 3)
    }
}
