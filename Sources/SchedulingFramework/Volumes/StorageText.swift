/// What the API says of objects that are not there.
enum StorageText {
    static func missing(claim name: String) -> String { "persistentvolumeclaim \"\(name)\" not found" }
    static func missing(volume name: String) -> String { "persistentvolume \"\(name)\" not found" }
    static func missing(storageClass name: String) -> String { "storageclass.storage.k8s.io \"\(name)\" not found" }
}
