import Chronology
import Observations
import RunDatabase
import Testing

@Suite("Metrics of services over a part of a run")
struct ServiceMetricTests {
    struct Part: Sendable {
        var from: Int64
        var to: Int64
        var errors: Int64
        var time: Int64
    }

    @Test(
        "what is lost at an instant counts in the part that begins then, and has no length",
        arguments: [
            Part(from: 0, to: 1_000, errors: 5 + 20 + 40 + 3, time: 100), Part(from: 0, to: 500, errors: 0, time: 0),
            Part(from: 500, to: 550, errors: 5 + 10, time: 50), Part(from: 550, to: 600, errors: 10, time: 50),
            Part(from: 600, to: 700, errors: 40, time: 0), Part(from: 700, to: 1_000, errors: 3, time: 0),
        ])
    func parts(part: Part) throws {
        let folder = try TemporaryFolder()
        let writer = try RunWriter(path: folder.file("a.sqlite"))
        writer.begin(SyntheticRun.header())
        writer.service(ServiceRow(service: 1, namespace: "shop", name: "web"))
        for (from, to, failed, lost) in [
            (0, 500, 5, 5), (500, 600, 60, 40), (600, 1_000, 3, 3),
        ] as [(Int64, Int64, Int64, Int64)] {
            var row = ServiceIntervalRow(service: 1, from: SyntheticRun.time(from), to: SyntheticRun.time(to))
            (row.requests, row.failed, row.lost) = (100_000, failed * 1_000, lost * 1_000)
            writer.serviceInterval(row)
        }
        writer.assertions = ["errors", "errors.time"].map { name in
            var assertion = Assertion(
                name: name, subject: .metric("service.shop/web.\(name)"), comparison: .atLeast, bound: .whole(0), text: "0",
                place: Assertion.Place(file: "", line: 1, column: 1, path: ""))
            assertion.window = .span(from: SyntheticRun.time(part.from), to: SyntheticRun.time(part.to))
            assertion.needsDatabase = true
            return assertion
        }
        writer.finish(RunFooter(digest: "d", events: 1, end: SyntheticRun.time(1_000), status: "complete"))
        try writer.close()
        #expect(writer.verdicts.map(\.seen) == [.whole(part.errors), .whole(part.time * 1_000_000_000)])
    }
}
