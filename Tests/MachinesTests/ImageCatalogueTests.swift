import Chronology
import KubernetesAPI
import Testing
import VirtualTime

@testable import Machines

@Suite struct ImageCatalogueTests {
    @Test(arguments: [
        ("nginx", "nginx:latest", "docker.io/library/nginx:latest", "nginx", "docker.io"),
        ("nginx:1.25", "nginx:1.25", "docker.io/library/nginx:1.25", "nginx", "docker.io"),
        ("docker.io/nginx", "docker.io/nginx:latest", "docker.io/library/nginx:latest", "nginx", "docker.io"),
        ("docker.io/library/nginx", "docker.io/library/nginx:latest", "docker.io/library/nginx:latest", "nginx", "docker.io"),
        ("index.docker.io/a/b:1", "index.docker.io/a/b:1", "docker.io/a/b:1", "a/b", "docker.io"),
        ("a/b:1", "a/b:1", "docker.io/a/b:1", "a/b", "docker.io"),
        ("reg.io:5000/a/b", "reg.io:5000/a/b:latest", "reg.io:5000/a/b:latest", "reg.io:5000/a/b", "reg.io:5000"),
        ("localhost/a:1", "localhost/a:1", "localhost/a:1", "localhost/a", "localhost"),
        ("reg.io/a@sha256:12", "reg.io/a@sha256:12", "reg.io/a@sha256:12", "reg.io/a", "reg.io"),
        ("reg.io/a:1@sha256:12", "reg.io/a:1@sha256:12", "reg.io/a@sha256:12", "reg.io/a", "reg.io"),
    ])
    func `a reference has these parts`(
        text: String, name: String, canonical: String, familiar: String, registry: String
    ) {
        let reference = ImageReference(text)
        #expect(reference.name == name)
        #expect(reference.canonical == canonical)
        #expect(reference.familiarRepository == familiar)
        #expect(reference.registry == registry)
        #expect(reference.digest == (text.contains("@") ? "sha256:12" : nil))
        #expect(reference.isLatest == canonical.hasSuffix(":latest"))
    }

    @Test func `unknown images have sizes that follow from their names`() {
        var catalogue = ImageCatalogue()
        var sizes: [Int64] = []
        for number in 0..<400 { sizes.append(catalogue.bytes(of: "repo\(number):1") ?? 0) }
        var again = ImageCatalogue()
        #expect(again.bytes(of: "repo7:1") == sizes[7])
        sizes.sort()
        let median = sizes[200] / 1_048_576
        #expect((100...145).contains(median), "median \(median) MiB")
        // Two tags of a repository have the base in common, and only that.
        let entries = [catalogue.intern("x:1"), catalogue.intern("x:2")]
        let found = entries.compactMap { catalogue.entries[Int($0)].target }
            .compactMap { catalogue.manifest(of: $0, for: .amd64) }.map { catalogue.manifests[Int($0)] }
        let (one, two) = (found[0], found[1])
        #expect(one.digest != two.digest)
        #expect(one.layers.filter { two.layers.contains($0) } == [one.layers[0]])
    }

    @Test func `a tag can be moved, a digest cannot`() {
        var catalogue = ImageCatalogue()
        for name in ["a:1", "a@sha256:77"] {
            catalogue.declare(name, layers: [ImageLayer(digest: "l1", bytes: 10)])
            catalogue.declare(name, layers: [ImageLayer(digest: "l2", bytes: 20)])
        }
        #expect(catalogue.bytes(of: "a:1") == 20)
        #expect(catalogue.bytes(of: "a@sha256:77") == 10)
        catalogue.declare("b:1", bytes: 1_001)
        #expect(catalogue.bytes(of: "b:1") == 1_001)
        catalogue.markMissing("b:1")
        #expect(catalogue.bytes(of: "b:1") == nil)
    }

    @Test func `a digest follows from the content alone`() throws {
        func digest(_ name: String, _ layers: [(String, Int64)]) -> String? {
            var catalogue = ImageCatalogue()
            catalogue.declare(name, layers: layers.map { ImageLayer(digest: $0.0, bytes: $0.1) })
            return catalogue.digest(of: name)
        }
        let content = [("base", Int64(5)), ("app", 7)]
        let one = try #require(digest("a:1", content))
        #expect(ImageLayer.isAddress(one))
        #expect(digest("reg.io/other:2", content) == one)
        #expect(digest("a:1", [("base", 5), ("app 2", 7)]) != one)
        #expect(digest("a:1", [("app", 7), ("base", 5)]) != one)
        // The text whose SHA-256 it is.
        let layers = content.map { ImageLayer(digest: $0.0, bytes: $0.1) }
        let config = ImageText.config(architecture: nil, layers: layers)
        #expect(ContentDigest.address(of: ImageText.manifest(config: config, layers: layers)) == one)
    }

    @Test func `a tag can be moved to what another one names, and back by digest`() throws {
        var catalogue = ImageCatalogue()
        catalogue.declare("web:1", bytes: 100)
        catalogue.declare("web:2", bytes: 200)
        catalogue.declare("web:stable", ImageStatement(.reference("web:1")))
        let found = catalogue.digest(of: "web:1")
        let first = try #require(found)
        #expect(catalogue.digest(of: "web:stable") == first)
        catalogue.declare("web:stable", ImageStatement(.reference("web:2")))
        #expect(catalogue.bytes(of: "web:stable") == 200)
        #expect(catalogue.bytes(of: "web@\(first)") == 100)
        catalogue.declare("web:stable", ImageStatement(.reference("web@\(first)")))
        #expect(catalogue.digest(of: "web:stable") == first)
    }

    @Test func `an index gives each processor its own manifest`() throws {
        var catalogue = ImageCatalogue()
        catalogue.declare(
            "web:1",
            ImageStatement(
                .index([
                    .init(architecture: .amd64, content: .size(100)), .init(architecture: .arm64, content: .size(90)),
                ])))
        let entry = Int(catalogue.intern("web:1"))
        let target = try #require(catalogue.entries[entry].target)
        let sizes = [MachineType.Architecture.amd64, .arm64].map {
            catalogue.manifest(of: target, for: $0).map { catalogue.manifests[Int($0)].bytes }
        }
        #expect(sizes == [100, 90])
        catalogue.declare("x:1", ImageStatement(.index([.init(architecture: .arm64, content: .size(90))])))
        let second = Int(catalogue.intern("x:1"))
        let other = try #require(catalogue.entries[second].target)
        #expect(catalogue.manifest(of: other, for: .amd64) == nil)
    }

    @Test func `a timer survives its way through an event`() {
        for slot in [0, 7, Int32.max] {
            let timer = MachineTimer(.pullRetry, slot: slot, generation: slot, container: 12, epoch: UInt32.max)
            #expect(MachineTimer(event: timer.event(kind: 3)) == timer)
        }
    }

    @Test func `boot and sandbox times depend on the name and the seed only`() {
        let boot = BootModel()
        #expect(boot.launchTime(of: "n1", seed: 1) == boot.launchTime(of: "n1", seed: 1))
        #expect(boot.launchTime(of: "n1", seed: 1) != boot.launchTime(of: "n1", seed: 2))
        let times = (0..<2_001).map { boot.launchTime(of: "n\($0)", seed: 1) }.sorted()
        #expect(abs(times[1_000].inSeconds - 35) < 2)
        #expect(abs(times[1_900].inSeconds - 60) < 5)
        #expect(SandboxModel().startTime(of: "d/p", seed: 1) > .zero)
    }
}
