// Counterpart: v1.VolumeSource and v1.PersistentVolumeSource.

extension Volume {
    init(reading reader: FieldReader) {
        let name = reader.requiredString("name")
        // Upstream's default for a volume without a source.
        self.init(name: name, source: Source(reading: reader) ?? .emptyDir(inMemory: false))
        reader.unmodelled(["image"])
    }
}

extension Volume.Source {
    private static let placeless = [
        "gitRepo", "secret", "nfs", "glusterfs", "flexVolume", "cephfs", "flocker", "downwardAPI", "fc", "azureFile",
        "configMap", "vsphereVolume", "quobyte", "photonPersistentDisk", "projected", "portworxVolume", "scaleIO",
        "storageos", "local", "image",
    ]

    /// Reads the source fields of a volume or persistent volume; nil when there is none.
    init?(reading reader: FieldReader) {
        var sources: [Volume.Source] = []
        func take(_ name: String, _ body: (FieldReader) -> Volume.Source) {
            if let source = reader.object(name, body) { sources.append(source) }
        }
        take("persistentVolumeClaim") { reader in
            reader.inert(["readOnly"])
            return .persistentVolumeClaim(name: reader.requiredString("claimName"))
        }
        take("ephemeral") { reader in
            let claim = reader.object("volumeClaimTemplate") { reader in
                reader.inert(["metadata"])
                return reader.object("spec") { PersistentVolumeClaimSpec(reading: $0) }
            }
            return .ephemeral((claim ?? nil) ?? PersistentVolumeClaimSpec())
        }
        take("hostPath") { reader in
            reader.inert(["path", "type"])
            return .hostPath
        }
        take("emptyDir") { reader in
            return .emptyDir(
                inMemory: reader.string("medium") == "Memory", sizeLimit: reader.quantity("sizeLimit"))
        }
        take("gcePersistentDisk") { reader in
            reader.inert(["fsType", "partition"])
            return .gcePersistentDisk(
                name: reader.requiredString("pdName"), readOnly: reader.bool("readOnly") ?? false)
        }
        take("awsElasticBlockStore") { reader in
            reader.inert(["fsType", "partition"])
            return .awsElasticBlockStore(
                id: reader.requiredString("volumeID"), readOnly: reader.bool("readOnly") ?? false)
        }
        take("azureDisk") { reader in
            reader.inert(["diskURI", "cachingMode", "fsType", "readOnly", "kind"])
            return .azureDisk(name: reader.requiredString("diskName"))
        }
        take("cinder") { reader in
            reader.inert(["fsType", "readOnly", "secretRef"])
            return .cinder(id: reader.requiredString("volumeID"))
        }
        take("rbd") { reader in
            reader.inert(["fsType", "user", "keyring", "secretRef"])
            return .rbd(
                monitors: reader.strings("monitors"), pool: reader.string("pool") ?? "rbd",
                image: reader.requiredString("image"), readOnly: reader.bool("readOnly") ?? false)
        }
        take("iscsi") { reader in
            reader.inert([
                "targetPortal", "lun", "iscsiInterface", "fsType", "portals", "chapAuthDiscovery", "chapAuthSession",
                "secretRef", "initiatorName",
            ])
            return .iscsi(iqn: reader.requiredString("iqn"), readOnly: reader.bool("readOnly") ?? false)
        }
        take("csi") { reader in
            reader.inert([
                "readOnly", "fsType", "volumeAttributes", "nodePublishSecretRef",
                "controllerPublishSecretRef", "nodeStageSecretRef", "controllerExpandSecretRef",
                "nodeExpandSecretRef",
            ])
            return .csi(driver: reader.requiredString("driver"), handle: reader.string("volumeHandle") ?? "")
        }
        for name in Self.placeless where reader.has(name) { sources.append(.other) }
        reader.inert(Self.placeless.filter { $0 != "image" })
        if sources.count > 1 {
            reader.context.error("a volume has \(sources.count) sources", path: reader.path, at: reader.position)
        }
        guard let first = sources.first else { return nil }
        self = first
    }
}
