import Chronology
import Observations
import Scenarios
import Simulation
import Testing
import Workloads

@Suite("Services under traffic in a scenario")
struct ServiceSectionTests {
    /// The Deployment web with its Service, and one without a selector.
    private static let manifest =
        ScenarioFixtures.web + "\n---\napiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n"
        + "---\napiVersion: v1\nkind: Service\nmetadata: {name: blind}\nspec: {ports: [{port: 80}]}\n"

    private func load(_ services: String, files: [(name: String, text: String)] = []) -> LoadedScenario {
        ScenarioFixtures.load(spec: "  services:\n" + services, files: files, manifest: Self.manifest)
    }

    @Test("every field is read")
    func fields() throws {
        let loaded = load(
            """
                - name: web
                  traffic: {diurnal: {base: 20, peak: 400.5}, trendPerDay: 1%}
                  cpu: {exponential: {mean: 5ms}}
                  wait: 2ms
                  memory: 2Mi
                  workers: 16
                  queue: 64
                  timeout: 2s
                  retries: {max: 2, budget: 20%}
                  errorRate: 0.01%
                  callMode: parallel
                  calls: [{service: db, perRequest: 1.5}, {service: default/cache}]
                  slo: {latency: {p95: 100ms, p99: 300ms}, availability: 99.9%}
                - {name: db, cpu: 1ms, match: {kind: Deployment, name: web}}
                - name: cache
                  cpu: {lognormal: {median: 1ms, p95: 3ms}}
                  traffic: {csv: load.csv, unit: perMinute}
                  match: {name: "w*"}
              assert:
                - {metric: service.default/web.errors, atMost: 10}
                - {metric: service.default/web.latency.p99.max, atMost: 300ms}
            """, files: [("load.csv", "0,600\n1h,1200\n")])
        #expect(ScenarioFixtures.errors(loaded) == [])
        let services = try #require(loaded.setup?.services)
        let web = services[0]
        #expect(web.title == "default/web" && web.backing == .service)
        #expect(web.traffic == Curve(.diurnal(DiurnalShape(base: 20_000, peak: 400_500)), trendPerDay: 10_000))
        #expect(abs(web.work.mean - 0.005) < 1e-12 && abs(web.work.variability - 1) < 1e-9)
        #expect(web.wait.mean == 0.002 && web.memoryPerRequest == 2 << 20)
        #expect(web.workers == 16 && web.queue == 64 && web.timeout == .seconds(2))
        #expect(web.retries == ServiceSpec.Retries(limit: 2, budget: 200_000) && web.errorRate == 100_000)
        #expect(web.callMode == .parallel)
        #expect(web.calls == [ServiceSpec.Call(callee: 1, perRequest: 1_500), ServiceSpec.Call(callee: 2)])
        #expect(web.objective.latency.map(\.place) == [.p95, .p99])
        #expect(web.objective.latency.map(\.atMost) == [.milliseconds(100), .milliseconds(300)])
        #expect(web.objective.availability == 999_000)
        #expect(services[1].timeout == ServiceSpec.timeoutDefault && services[1].traffic == nil)
        #expect(services[1].backing == .workload(WorkloadRule.Match(kind: "Deployment", name: "web")))
        let clock = WallClock(startDate: StartDate(unixSeconds: 0))
        #expect(services[2].traffic?.value(at: .start + .minutes(30), on: clock) == 10_000)
        #expect(loaded.setup?.assertions.map(\.bound) == [.whole(10), .whole(300_000_000)])
    }

    /// A sentence, the services, and the errors that are found, without file and position.
    static let mistakes: [(String, String, [String])] = [
        (
            "the work of a request is needed", "    - {name: web}",
            ["spec.services[0].cpu: a value is required (expected the processor time of a request, such as 5ms)"]
        ),
        (
            "work is above zero", "    - {name: web, cpu: 0s}",
            ["spec.services[0].cpu: found the text \"0s\" (expected a length of time above zero)"]
        ),
        (
            "a law has a mean", "    - {name: web, cpu: {pareto: {minimum: 1ms, shape: 1}}}",
            ["spec.services[0].cpu: the distribution has no mean (expected one with a finite mean)"]
        ),
        (
            "there is no such Service", "    - {name: wib, cpu: 1ms}",
            [
                "spec.services[0].name: the manifests hold no Service default/wib (expected the name of a Service, or "
                    + "match for the workload whose pods serve; did you mean \"web\"?)"
            ]
        ),
        (
            "a Service selects pods", "    - {name: blind, cpu: 1ms}",
            ["spec.services[0].name: the Service default/blind selects no pods (expected a Service with a selector, or match)"]
        ),
        (
            "a callee is known", "    - {name: web, cpu: 1ms, calls: [{service: db}]}",
            [
                "spec.services[0].calls[0].service: there is no service \"db\" under traffic (expected one of "
                    + "default/web; did you mean \"default/web\"?)"
            ]
        ),
        (
            "calls make no circle",
            "    - {name: web, cpu: 1ms, calls: [{service: b}]}\n    - {name: b, match: {}, cpu: 1ms, calls: [{service: web}]}",
            [
                "spec.services[0].calls: services call each other in a circle: default/web → default/b → default/web "
                    + "(expected calls that end somewhere)"
            ]
        ),
        (
            "a name stands once", "    - {name: web, cpu: 1ms}\n    - {name: web, cpu: 1ms}",
            ["spec.services[1]: the service default/web occurs twice"]
        ),
        (
            "traffic is no share of a request", "    - {name: web, cpu: 1ms, traffic: 50%}",
            ["spec.services[0].traffic: found the text \"50%\" (expected requests a second such as 120 or 0.5)"]
        ),
        (
            "a queue needs workers", "    - {name: web, cpu: 1ms, queue: 5}",
            ["spec.services[0].queue: nobody waits where all are served at once (expected workers beside it)"]
        ),
        (
            "retries have a number", "    - {name: web, cpu: 1ms, retries: {budget: 20%}}",
            ["spec.services[0].retries.max: a value is required (expected a number of retries)"]
        ),
        (
            "an objective demands something", "    - {name: web, cpu: 1ms, slo: {}}",
            ["spec.services[0].slo: the objective demands nothing (expected latency, availability, or both)"]
        ),
        (
            "a call is made a number of times", "    - {name: web, cpu: 1ms, calls: [{service: web, perRequest: 0}]}",
            [
                "spec.services[0].calls[0].perRequest: found the number 0 (expected a number from 0.001 to 1000 such as "
                    + "1.5, with at most three decimals)",
                "spec.services[0].calls: services call each other in a circle: default/web → default/web (expected "
                    + "calls that end somewhere)",
            ]
        ),
        (
            "a timeout is above zero", "    - {name: web, cpu: 1ms, timeout: 0s}",
            ["spec.services[0].timeout: the time that callers wait must be above zero"]
        ),
        (
            "an unknown field has the nearest name", "    - {name: web, cpu: 1ms, memori: 1Mi}",
            ["spec.services[0].memori: unknown field (did you mean \"memory\"?)"]
        ),
    ]

    @Test("the mistakes are these and no others", arguments: mistakes.indices)
    func mistake(index: Int) {
        let (sentence, services, expected) = Self.mistakes[index]
        let found = ScenarioFixtures.errors(load(services)).map { line in
            line.split(separator: "error: ", maxSplits: 1).last.map(String.init) ?? line
        }
        #expect(found == expected, "\(sentence)")
    }

    @Test("assertions name the metrics of the scenario's services, and of no others")
    func metrics() {
        let loaded = load("    - {name: web, cpu: 1ms}\n  assert: [{metric: service.default/web.error, equals: 0}]")
        #expect(ScenarioFixtures.errors(loaded).count == 1)
        #expect(ScenarioFixtures.errors(loaded).first?.contains("did you mean \"service.default/web.errors\"?") == true)
    }
}
