import Chronology
import Costs
import KubernetesAPI
import Simulation
import VirtualTime
import Workloads

/// The way from a request to a setup, step by step.
///
/// Where a request and a scenario say different things, the request wins.
final class ScenarioAssembly {
    /// A Monday; used when nobody names a start.
    static let defaultStart = StartDate(unixSeconds: 1_767_571_200)

    let request: RunRequest
    let ledger: InputLedger
    let diagnostics: Diagnostics
    private var shelf: MachineShelf?

    init(request: RunRequest, ledger: InputLedger, diagnostics: Diagnostics) {
        self.request = request
        self.ledger = ledger
        self.diagnostics = diagnostics
    }

    // MARK: - Result

    func result() -> LoadedScenario {
        let setup = assemble()
        let findings = diagnostics.all.map(placed)
        guard var setup, !diagnostics.hasErrors else {
            return LoadedScenario(setup: nil, diagnostics: findings, shelf: shelf)
        }
        setup.warnings = findings.filter { $0.severity == .warning }.map { finding in
            var stored = finding
            stored.file = ledger.storedName(ofShown: finding.file)
            return stored.description
        }
        var loaded = LoadedScenario(setup: setup, diagnostics: findings, shelf: shelf)
        loaded.files = ledger.filesOnDisk
        return loaded
    }

    /// Gives a finding about a part that a `--set` made the name of that setting.
    func placed(_ finding: Diagnostic) -> Diagnostic {
        guard let position = finding.position, position.line == 0 else { return finding }
        var placed = finding
        placed.position = nil
        let index = position.column - 1
        if request.settings.indices.contains(index) { placed.file = "--set \(request.settings[index])" }
        return placed
    }

    /// Records something that is wrong with the request itself.
    func fail(_ option: String, _ message: String, expected: String? = nil, nearest: String? = nil) {
        diagnostics.add(Diagnostic(.error, file: option, message: message, expected: expected, nearest: nearest))
    }

    func warn(_ place: String, _ message: String) {
        diagnostics.add(Diagnostic(.warning, file: place, message: message))
    }

    // MARK: - Steps

    private func assemble() -> WorldSetup? {
        var stored = request
        let before = diagnostics.errorCount
        let tree = scenarioTree(&stored)
        self.tree = tree
        // Without a scenario that can be read, everything else would be reported as missing.
        if diagnostics.errorCount > before { return nil }
        let parsed = ParsedFiles()
        let start = startDate(tree) ?? exportedStart(tree, parsed, &stored) ?? Self.defaultStart
        let context = DecodingContext(
            file: scenarioFile ?? "--set", diagnostics: diagnostics, startDate: start)
        let reading = ScenarioReading(decoding: context, ledger: ledger)
        let document = tree.map { ScenarioDocument(reading: $0, reading) } ?? ScenarioDocument()

        let beforeFiles = diagnostics.errorCount
        let files = manifestFiles(document, &stored)
        let lacksFiles = diagnostics.errorCount > beforeFiles
        let loader = ManifestLoader(startDate: start, isStrict: request.isStrict, scenarioFile: scenarioFile)
        let manifests = loader.load(files: files, parsed: parsed, diagnostics)
        var changes = ChangeAssembly(drafts: document.changes, context: context, objects: manifests.objects)
        changes.load(with: loader, ledger: ledger, diagnostics: diagnostics)
        let arrivals = ArrivalAssembly(drafts: document.arrivals, with: loader, ledger: ledger, context)
        let later = changes.applied + arrivals.templates
        FidelityCheck(diagnostics: diagnostics).check(manifests.objects + later)
        stored.schedulerConfiguration = request.schedulerConfiguration.map { ledger.storedPath($0, .request) }
        let scheduler = SchedulerAssembly(self, startDate: start).configuration(document.scheduler, manifests)
        SchedulerNameCheck(diagnostics: diagnostics, configuration: scheduler).check(
            manifests.objects + later)
        PriorityClassCheck(diagnostics: diagnostics).check(manifests.objects + later)

        GangCheck(diagnostics: diagnostics, configuration: scheduler).check(manifests.objects + later)
        FeatureGateCheck(diagnostics: diagnostics, parameters: document.parameters).check(manifests.objects + later)

        var pools = PoolAssembly(self, document: document)
        shelf = MachineShelf(pools)
        stored.priceOverlays = request.priceOverlays.map { ledger.storedPath($0, .request) }
        pools.addExported(manifests.objects)
        pools.addAsked(
            objects: manifests.objects, later: changes.applied, isPartial: lacksFiles || manifests.hasBrokenFiles)
        let buys = NodePoolNames(manifests.objects + changes.applied, document)
        check(reading, pools, buys, (manifests.objects + later).map(\.object))

        let name = document.name ?? folderName ?? Self.name(of: files) ?? "run"
        let seed = self.seed() ?? document.seed ?? 1
        var setup = WorldSetup(
            name: name, seed: Seed(seed), startDate: start,
            horizon: duration() ?? document.duration ?? RunLength.standard)
        let applied = manifests.objects + changes.applied
        let storage = document.volumes.addsMissing ? StorageAssembly(applied, diagnostics: diagnostics) : nil
        let objects: [KubernetesObject]
        let cluster = cluster(in: manifests, startDate: start, keepsBindings: document.keepsBindings)
        if let cluster {
            objects = cluster.objects
        } else {
            let pods = DetachedPods(manifests.objects, machines: pools.machineNames, diagnostics: diagnostics)
            objects = pods.objects()
        }
        setup.cluster = cluster?.takeover
        setup.objects = (storage?.additions ?? []) + objects.filter { !Self.isLeftOut($0) }
        setup.provisioners = document.volumes.provisioners
        setup.pools = pools.pools
        addAutoscalers(to: &setup, document, pools, manifests.objects + changes.applied, seed: seed)
        EndCheck(reading: reading, horizon: setup.horizon).check(changes: document.changes, arrivals: document.arrivals)
        setup.changes = changes.changes(machines: pools.machineNames, diagnostics)
        setup.arrivals = arrivals.arrivals
        setup.scheduler = scheduler
        setup.tieBreakStream = document.scheduler.tieBreakStream
        setup.factorSeeds = document.factorSeeds
        setup.decisionDetail = document.decisionDetail
        setup.kubelet = document.kubelet
        setup.parameters = document.parameters
        setup.workloads = WorkloadBook(rules: document.workloads + (cluster?.rules ?? []))
        WorkloadRuleCheck(
            reading: reading, objects: (manifests.objects + changes.applied).map(\.object), arrivals: arrivals.arrivals
        ).check(document.workloads)
        setup.services = ServiceAssembly(drafts: document.services, context: context).services(
            (manifests.objects + changes.applied).map(\.object))
        let metrics = MetricAssembly(context: context, diagnostics: diagnostics)
        setup.metrics = metrics.metrics(document.metrics, services: setup.services)
        metrics.check(applied, in: setup)
        VerticalCheck(diagnostics: diagnostics, statement: UsageStatement(objects: applied, setup: setup)).check()
        setup.images = cluster?.adding(to: document.images) ?? document.images
        setup.imageSupply = document.imageSupply
        setup.imagePrices = document.prices.images
        setup.faults = document.faults
        SpotCheck(diagnostics: diagnostics, faults: setup.faults).check(document.pools, manifests.objects)
        FaultCheck(reading: reading, setup: setup, buysMachines: !buys.pools.isEmpty).check(
            (manifests.objects + later).map(\.object))
        setup.assertions = document.assertions
        setup.controlPlanePerHour = pools.controlPlanePerHour
        setup.storagePerGiBMonth = pools.standing(document.prices.storage, .blockStorage)
        setup.loadBalancerPerHour = pools.standing(document.prices.loadBalancer, .loadBalancer)
        setup.trafficPrices = TrafficAssembly(pools: pools, assembly: self).prices(document.prices)
        setup.spotPrices = SpotAssembly(pools: pools, assembly: self).prices(document.prices.spot, for: setup)
        setup.quotas = document.quotas
        pools.checkQuotas(document.quotas)
        setup.commitments =
            CommitmentAssembly(
                document: document, pools: pools.pools, catalogue: pools.catalogue, context: context
            ).book()
        setup.allocation = document.prices.allocation.policy
        document.prices.allocation.check((manifests.objects + later).map(\.object), context)
        setup.inputs = [(ScenarioLoader.requestName, stored.text)]
        setup.inputs += ledger.inputs.map { ($0.name, SecretMask.masked($0.text, file: $0.name)) }
        return setup
    }

    /// Whether an object is made by the simulation itself: machines are pools, heartbeats are modelled.
    private static func isLeftOut(_ object: KubernetesObject) -> Bool {
        switch object.kind {
        case .node: true
        case .lease: object.metadata.namespace == "kube-node-lease"
        case .namespace, .pod, .replicaSet, .deployment, .statefulSet, .daemonSet, .job, .cronJob, .service,
            .podDisruptionBudget, .priorityClass, .persistentVolume, .persistentVolumeClaim, .storageClass,
            .horizontalPodAutoscaler, .verticalPodAutoscaler, .resourceQuota, .limitRange, .replicationController,
            .controllerRevision,
            .endpoints, .endpointSlice, .csiNode, .other:
            false
        }
    }

    /// The name of the folder that comes first on the command line; nil where no folder does, or only dots name it.
    private var folderName: String? {
        guard request.scenario == nil, let path = request.manifests.first, path != "-",
            ledger.isFolder(path, .request)
        else { return nil }
        let name = ledger.storedPath(path, .request).split(separator: "/").last.map(String.init)
        return name.flatMap { $0.allSatisfy { $0 == "." } ? nil : $0 }
    }

    /// Returns the base name of the first file, without its ending.
    private static func name(of files: [LoadedFile]) -> String? {
        guard let last = files.first?.name.split(separator: "/").last, last != "<stdin>" else { return nil }
        let stem = last.lastIndex(of: ".").map { last[..<$0] } ?? last
        return stem.isEmpty ? nil : String(stem)
    }

    // MARK: - The scenario

    /// The scenario's file as messages call it.
    private(set) var scenarioFile: String?
    /// The scenario with all settings applied.
    private(set) var tree: ManifestTree?

    /// Returns the scenario with all settings applied, or nil when there is neither.
    private func scenarioTree(_ stored: inout RunRequest) -> ManifestTree? {
        var tree: ManifestTree?
        if let path = request.scenario {
            guard let file = readScenario(path) else { return nil }
            scenarioFile = file.name
            stored.scenario = ledger.storedName(ofShown: file.name)
            tree = file.document(expected: "one scenario; manifests stand in files of their own", diagnostics)
        }
        let settings = request.settings.enumerated().compactMap { index, text in
            TreeSetting(text, index: index, diagnostics: diagnostics)
        }
        guard tree != nil || request.scenario == nil, !settings.isEmpty || tree != nil else { return nil }
        return settings.reduce(tree ?? Self.emptyScenario) { $1.applied(to: $0) }
    }

    static let emptyScenario = ManifestTree.mapping([
        ("apiVersion", .text(ScenarioDocument.apiVersion)), ("kind", .text(ScenarioDocument.kind)),
    ])

    private func readScenario(_ path: String) -> LoadedFile? {
        var folder = ""
        var name = path
        if path == "-" {
            return ledger.readFile("-", .request)
        }
        if ledger.isFolder(path, .request) {
            folder = InputLedger.cleaned(path)
            let found = ScenarioLoader.fileNames.first { ledger.isFile("\(folder)/\($0)", .request) }
            guard let found else {
                fail(path, "the folder holds no scenario.yaml", expected: "a scenario file, or a folder that holds one")
                return nil
            }
            name = found
        } else if let slash = path.lastIndex(of: "/") {
            folder = String(path[..<slash])
            if folder.isEmpty { folder = "/" }
            name = String(path[path.index(after: slash)...])
        }
        ledger.folder = folder == "." ? "" : folder
        return ledger.readFile(name, .scenario)
    }

    // MARK: - Manifests

    private func manifestFiles(_ document: ScenarioDocument, _ stored: inout RunRequest) -> [LoadedFile] {
        var files: [LoadedFile] = []
        func add(_ found: [LoadedFile]) {
            for file in found where !files.contains(where: { $0.name == file.name }) { files.append(file) }
        }
        if let paths = document.manifests {
            for path in paths { add(ledger.read(path, .scenario)) }
        } else if request.scenario != nil {
            // Takes the name in any case, so that a replay cannot mistake other files for these.
            _ = ledger.storedPath("manifests", .scenario)
            if ledger.exists("manifests", .scenario) { add(ledger.read("manifests", .scenario)) }
        }
        stored.manifests = request.manifests.map { ledger.storedPath($0, .request) }
        for path in request.manifests { add(ledger.read(path, .request)) }
        return files
    }

    // MARK: - Single values

    /// The start that the request or the scenario names.
    private func startDate(_ tree: ManifestTree?) -> StartDate? {
        if let text = request.startDate {
            do throws(TimeParsingError) {
                return try StartDate(parsing: text)
            } catch {
                fail("--start", error.description, expected: "a date such as 2026-01-05 or 2026-01-05T08:00:00Z")
            }
        }
        return tree.flatMap { ScenarioDocument.start(of: $0) }
    }

    private func duration() -> Duration? {
        guard let text = request.duration else { return nil }
        do throws(TimeParsingError) {
            let duration = try Duration(parsing: text)
            if duration > .zero, duration <= RunLength.limit { return duration }
            fail("--for", "found \(text)", expected: RunLength.expectation)
        } catch {
            fail("--for", error.description, expected: RunLength.expectation)
        }
        return nil
    }

    private func seed() -> UInt64? {
        guard let text = request.seed else { return nil }
        if let seed = UInt64(text) { return seed }
        fail("--seed", "found \"\(text)\"", expected: "a whole number that is not negative")
        return nil
    }
}
