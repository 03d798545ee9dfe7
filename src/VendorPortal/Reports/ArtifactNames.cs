using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports;

/// <summary>An artifact's name as publishers read it: the namespace stands before the first slash, the repository is all that follows.</summary>
public static class ArtifactNames
{
    /// <summary>The namespace of artifacts without one. No registry allows this name, so that it is nobody's.</summary>
    public const string NoNamespace = "-";

    public static string NamespaceOf(string artifact) => Artifact.NamespaceOf(artifact) is { Length: > 0 } ns ? ns : NoNamespace;

    public static string RepositoryOf(string artifact) => artifact[(artifact.IndexOf('/', StringComparison.Ordinal) + 1)..];

    /// <summary>The name of an artifact; the opposite of the two others.</summary>
    public static string Join(string ns, string repository) => ns == NoNamespace ? repository : $"{ns}/{repository}";
}
