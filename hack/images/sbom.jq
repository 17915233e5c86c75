# SPDX 2.3, https://spdx.github.io/spdx-spec/v2.3; called by sbom.sh
def rows: split("\n") | map(select(. != "") | split("\t"));
def id: "SPDXRef-" + gsub("[^A-Za-z0-9.-]"; "-");
def reference($locator): [{referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: $locator}];
def package($key; $name; $version; $purl):
    {SPDXID: ("package " + $key | id), name: $name, versionInfo: $version, downloadLocation: "NOASSERTION", filesAnalyzed: false,
     licenseConcluded: "NOASSERTION", licenseDeclared: "NOASSERTION", copyrightText: "NOASSERTION"}
    + if $purl then {externalRefs: reference($purl)} else {} end;
# What we declare of our own. It is no conclusion: the image holds Debian's work too, and a program's files the framework's code.
def ours: . + {licenseDeclared: $license};

($files | rows) as $files
| ($codes | rows | map({key: .[0], value: .[1]}) | from_entries) as $codes
| ($deps[0].libraries | to_entries | map(select(.value.type != "reference"))) as $dotnet
| "SPDXRef-image" as $image
| (package("image"; $name; $version; "pkg:oci/\($name)@\($digest | @uri)?tag=\($version | @uri)")
    + {SPDXID: $image, primaryPackagePurpose: "CONTAINER", checksums: [{algorithm: "SHA256", checksumValue: $digest[7:]}]} | ours) as $whole
| [ ($debian | rows[] | package("deb " + .[0]; .[0]; .[1]; "pkg:deb/debian/\(.[0] | @uri)@\(.[1] | @uri)?arch=\(.[2])")),
    ($dotnet[] | (.key | split("/")) as [$library, $of] | ($library | ltrimstr("runtimepack.")) as $short
        | if .value.type == "project" then package("nuget " + .key; $short; $of; null) | ours
          else package("nuget " + .key; $short; $of; "pkg:nuget/\($short)@\($of)") end),
    (package("iris-operator-image"; "iris-operator-image-base"; $version; null) | ours)
  ] as $parts
# With its files a package carries the code that proves them.
| ($codes | to_entries | map({key: ("package " + .key | id), value: .value}) | from_entries) as $proofs
| [$parts[] | . as $part | if $proofs[$part.SPDXID] then . + {filesAnalyzed: true, packageVerificationCode: {packageVerificationCodeValue: $proofs[$part.SPDXID]},
      licenseInfoFromFiles: ["NOASSERTION"]} else . end] as $parts
| [$lock[0].dependencies[] | to_entries[] | select(.value.type != "Project")
    # What is in the image itself is listed with its files above.
    | select(.key as $name | $dotnet | all(.key | startswith("\($name)/") | not))
    | package("build " + .key; .key; .value.resolved; "pkg:nuget/\(.key)@\(.value.resolved)")] | unique as $tools
| {
    spdxVersion: "SPDX-2.3", dataLicense: "CC0-1.0", SPDXID: "SPDXRef-DOCUMENT", name: "\($name) \($version)",
    documentNamespace: "https://iris-operator.dev/spdx/\($name)/\($digest[7:])",
    creationInfo: {created: $created, creators: ["Tool: iris-operator-hack-images"]},
    packages: ([$whole] + $parts + $tools),
    files: [$files[] | {SPDXID: ("file " + .[0] | id), fileName: ("./" + .[0]), licenseConcluded: "NOASSERTION", copyrightText: "NOASSERTION",
        licenseInfoInFiles: ["NOASSERTION"],
        checksums: [{algorithm: "SHA1", checksumValue: .[1]}, {algorithm: "SHA256", checksumValue: .[2]}]}],
    relationships: (
        [{spdxElementId: "SPDXRef-DOCUMENT", relationshipType: "DESCRIBES", relatedSpdxElement: $image}]
        + [$parts[] | {spdxElementId: $image, relationshipType: "CONTAINS", relatedSpdxElement: .SPDXID}]
        + [$files[] | {spdxElementId: ("package " + .[3] | id), relationshipType: "CONTAINS", relatedSpdxElement: ("file " + .[0] | id)}]
        + [$tools[] | {spdxElementId: .SPDXID, relationshipType: "BUILD_TOOL_OF", relatedSpdxElement: $image}])
  }
