package import Chronology
package import KubernetesAPI

/// Reads manifests as people have them: several documents in a file, lists, exports of a live cluster.
package struct ManifestLoader {
    /// The real time of `Instant.start`, from which the timestamps of exports are counted.
    package let startDate: StartDate
    /// Whether what is not modelled, but would change the outcome, is an error.
    package let isStrict: Bool

    /// The scenario to which the manifests belong, as messages call its file.
    private let scenarioFile: String?

    package init(startDate: StartDate, isStrict: Bool = false, scenarioFile: String? = nil) {
        self.startDate = startDate
        self.isStrict = isStrict
        self.scenarioFile = scenarioFile
    }

    /// Reads texts that are in memory, each under its name.
    package func load(texts: [(name: String, text: String)]) -> LoadedManifests {
        let diagnostics = Diagnostics(isStrict: isStrict)
        return load(files: texts.map { LoadedFile(name: $0.name, contents: Array($0.text.utf8)) }, diagnostics)
    }

    /// Reads files and folders (recursively, in name order); `-` stands for `standardInput`.
    package func load(paths: [String], standardInput: [UInt8]? = nil) -> LoadedManifests {
        let diagnostics = Diagnostics(isStrict: isStrict)
        let files = ManifestFiles.read(paths: paths, standardInput: standardInput, diagnostics: diagnostics)
        return load(files: files, diagnostics)
    }

    /// Reads the objects of `files`, adding to what was found while the files were read.
    package func load(files: [LoadedFile], _ diagnostics: Diagnostics) -> LoadedManifests {
        load(files: files, parsed: ParsedFiles(), diagnostics)
    }

    /// Reads the objects of `files`, of which some were parsed before.
    func load(files: [LoadedFile], parsed: ParsedFiles, _ diagnostics: Diagnostics) -> LoadedManifests {
        var manifests = LoadedManifests()
        var survey = ExportSurvey()
        var numbers: [ObjectKey: Int] = [:]
        let charts = HelmChart(files)
        for file in files {
            manifests.files.append(file)
            if let findings = charts.findings(of: file) {
                manifests.hasBrokenFiles = true
                for finding in findings { diagnostics.add(finding) }
                continue
            }
            let context = DecodingContext(file: file.name, diagnostics: diagnostics, startDate: startDate)
            let before = diagnostics.errorCount
            let documents = parsed.documents(of: file, diagnostics: diagnostics)
            if diagnostics.errorCount > before { manifests.hasBrokenFiles = true }
            survey.look(through: documents)
            for document in documents {
                for written in expanded(document, context: context) {
                    if diagnostics.isFull { break }
                    let tree = LegacyAutoscaler.rewritten(written)
                    if SchedulerConfigurationReader.isConfiguration(tree) {
                        manifests.schedulerConfigurations.append(LoadedDocument(tree: tree, file: file.name))
                        continue
                    }
                    if ExportedEvent.isEvent(tree), let event = ExportedEvent(reading: tree, context) {
                        manifests.events.append(event)
                    }
                    guard let object = decode(tree, context: context) else { continue }
                    let place = SourcePlace(file: file.name, position: tree.position)
                    var loaded = LoadedObject(object: object, place: place)
                    loaded.leavesReplicas = tree["spec"]?["replicas"].map(\.isNull) ?? true
                    add(loaded, to: &manifests, &numbers, diagnostics)
                }
            }
            if diagnostics.isFull { break }
        }
        if survey.hasNodes { manifests.newestTime = survey.newest }
        manifests.kubelets = survey.kubelets
        reportDefaultClasses(manifests.objects, diagnostics)
        reportOwnerCycles(manifests.objects, diagnostics)
        manifests.diagnostics = diagnostics.all
        return manifests
    }
}

// MARK: - One document

extension ManifestLoader {
    /// Returns the objects of a document: itself, or the items of a list.
    private func expanded(_ document: ManifestTree, context: DecodingContext) -> [ManifestTree] {
        if case .sequence(let elements) = document.value { return elements }
        guard let kind = document["kind"]?.string, kind.hasSuffix("List"), kind != "PriorityList",
            let items = document["items"]
        else { return [document] }
        guard let elements = items.elements else {
            if items.isNull { return [] }
            context.error(
                "found \(items.summary)", path: .root.field("items"), at: items.position, expected: "a list")
            return []
        }
        // Items of a typed list may leave out what the list says of them all.
        let itemKind = String(kind.dropLast(4))
        let itemVersion = document["apiVersion"]?.string ?? ""
        return elements.flatMap { item -> [ManifestTree] in
            guard var entries = item.entries else { return [item] }
            if !itemKind.isEmpty {
                for (key, text) in [("apiVersion", itemVersion), ("kind", itemKind)] where item[key] == nil {
                    let value = ManifestTree(.scalar(.string(text)), at: item.position)
                    entries.append(ManifestTree.Entry(key: key, keyPosition: item.position, value: value))
                }
            }
            let whole = ManifestTree(.mapping(entries), at: item.position)
            // kubectl allows lists in lists; the parsers bound the depth.
            return itemKind.isEmpty && whole["kind"]?.string == "List"
                ? expanded(whole, context: context) : [whole]
        }
    }

    private func decode(_ tree: ManifestTree, context: DecodingContext) -> KubernetesObject? {
        if let finding = ForeignDocument.finding(tree, file: context.file, scenarioFile: scenarioFile) {
            context.diagnostics.add(finding)
            return nil
        }
        if HelmHook.isLeftOut(tree, context) { return nil }
        let before = context.diagnostics.errorCount
        guard let object = KubernetesObject.decode(tree, context: context) else { return nil }
        // A part that could not be read would only be reported once more, as missing.
        if context.diagnostics.errorCount == before {
            let findings = ObjectValidation.findings(in: object) + UnreadFieldCheck.findings(in: tree, of: object)
            for finding in findings {
                context.error(
                    finding.message, path: finding.path, at: tree.position(at: finding.path),
                    expected: finding.expected)
            }
            warn(of: PodWarnings.findings(in: object), in: tree, context)
        }
        return object
    }

    /// An export holds many pods of one template: the same finding is told once.
    private func warn(of findings: [ValidationFinding], in tree: ManifestTree, _ context: DecodingContext) {
        for finding in findings {
            context.diagnostics.addFolded(
                Diagnostic(
                    .warning, file: context.file, position: tree.position(at: finding.path), path: finding.path.text,
                    message: finding.message, expected: finding.expected), pattern: finding.path.pattern)
        }
    }
}

// MARK: - Checks across objects

extension ManifestLoader {
    /// Adds an object, or lays it over one of the same name: as `kubectl apply` of several files does, the last one counts.
    ///
    /// Within one file it is taken for a mistake.
    private func add(
        _ loaded: LoadedObject, to manifests: inout LoadedManifests, _ numbers: inout [ObjectKey: Int],
        _ diagnostics: Diagnostics
    ) {
        let key = loaded.object.key
        // A generated name is never taken.
        guard !loaded.object.metadata.name.isEmpty, let number = numbers[key] else {
            numbers[key] = manifests.objects.count
            manifests.objects.append(loaded)
            return
        }
        let (known, metadata) = (manifests.objects[number].object.metadata, loaded.object.metadata)
        // The very same state of one object, as two commands of an export print it.
        if metadata.uid != .none, metadata.uid == known.uid, metadata.resourceVersion != 0,
            metadata.resourceVersion == known.resourceVersion
        {
            return
        }
        let first = manifests.objects[number].place
        let isMistake = first.file == loaded.place.file
        diagnostics.add(
            Diagnostic(
                isMistake ? .error : .warning, file: loaded.place.file, position: loaded.place.position,
                message: "\(key) stands in \(first) already" + (isMistake ? "" : ": this one counts")))
        manifests.objects[number] = loaded
    }

    /// Tells of a second class that would be everybody's (the admission plugin Priority).
    private func reportDefaultClasses(_ objects: [LoadedObject], _ diagnostics: Diagnostics) {
        var first: String?
        for entry in objects {
            guard case .priorityClass(let priority) = entry.object, priority.globalDefault else { continue }
            if let first {
                diagnostics.add(
                    Diagnostic(
                        .error, file: entry.place.file, position: entry.place.position, path: "globalDefault",
                        message: "the PriorityClass \(first) is the default already; there can be one only"))
            }
            first = first ?? priority.metadata.name
        }
    }

    private func reportOwnerCycles(_ objects: [LoadedObject], _ diagnostics: Diagnostics) {
        for index in OwnerCycles.members(in: objects.map(\.object.metadata)) {
            let place = objects[index].place
            diagnostics.add(
                Diagnostic(
                    .error, file: place.file, position: place.position, path: "metadata.ownerReferences",
                    message: "\(objects[index].object.key) owns itself through its owners"))
        }
    }
}
