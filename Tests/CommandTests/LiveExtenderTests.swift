import Chronology
import RunDatabase
import Scheduler
import Simulation
import Testing
import VirtualTime

@testable import orrery

@Suite("Runs that ask live extenders")
struct LiveExtenderTests {
    private static func setup(_ prefix: String = "http://127.0.0.1:1") -> WorldSetup {
        var setup = WorldSetup(
            name: "live", seed: Seed(1), startDate: StartDate(unixSeconds: 1_767_571_200), horizon: .minutes(1))
        var extender = ExtenderSettings()
        extender.urlPrefix = prefix
        extender.filterVerb = "filter"
        setup.scheduler.extenders = [extender]
        return setup
    }

    @Test("they are refused unless asked for, and without TLS")
    func refused() throws {
        #expect(throws: (any Error).self) {
            try LiveExtenders.transport(for: Self.setup().scheduler, isAllowed: false)
        }
        #expect(throws: (any Error).self) {
            try LiveExtenders.transport(for: Self.setup("https://x").scheduler, isAllowed: true)
        }
        #expect(try LiveExtenders.transport(for: Self.setup().scheduler, isAllowed: true) != nil)
        #expect(try LiveExtenders.transport(for: SchedulerConfiguration(), isAllowed: false) == nil)
    }

    @Test("their database says so, and replay refuses it with 2")
    func marked() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/live.sqlite"
        let writer = try OutputFile.create(path, isNamed: true)
        let transport = try LiveExtenders.transport(for: Self.setup().scheduler, isAllowed: true)
        var world = World(Self.setup(), observer: writer, extenders: transport)
        while world.run(events: 1000) {}
        try writer.close()
        let marks = try RunReader(path: path).parameters().filter { $0.name == WorldSetup.liveExtenders }
        #expect(marks.map(\.text) == ["true"])
        let outcome = try OrreryProcess.run(["replay", path], in: folder, limit: 30)
        #expect(outcome.status == 2)
        #expect(outcome.errors.contains("the run asked live extenders"))
    }
}
