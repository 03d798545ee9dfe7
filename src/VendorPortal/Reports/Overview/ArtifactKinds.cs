using System.Globalization;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Reports.Overview;

/// <summary>The kinds of artifacts: their names in files and addresses, and how one is told from what is known.</summary>
public static class ArtifactKinds
{
    // A chart's signature is an image by its media types: what is more exact counts.
    private static readonly ArtifactKind[] MostExactFirst = [ArtifactKind.Helm, ArtifactKind.Model, ArtifactKind.Dataset, ArtifactKind.Container, ArtifactKind.Other];

    public static readonly IReadOnlyList<ArtifactKind> All = Enum.GetValues<ArtifactKind>();

    /// <summary>The names, in the order of <see cref="All"/>.</summary>
    public static readonly IReadOnlyList<string> Names = [.. All.Select(NameOf)];

    /// <summary>The number of the kind of a row of Artifacts, as an expression of SQL; <see cref="Of"/> is the same.</summary>
    internal static string KindOf(string row) => string.Create(
        CultureInfo.InvariantCulture,
        $"COALESCE({row}.ChosenKind, CASE {string.Concat(MostExactFirst.Select(kind => string.Create(CultureInfo.InvariantCulture, $"WHEN {row}.ToldKinds & {Artifact.BitOf(kind)} <> 0 THEN {(int)kind} ")))}ELSE {(int)ArtifactKind.Container} END)");

    /// <summary>The number of how it is known, as an expression of SQL.</summary>
    internal static string SourceOf(string row) => string.Create(
        CultureInfo.InvariantCulture, $"CASE WHEN {row}.ChosenKind IS NOT NULL THEN {(int)KindSource.Member} WHEN {row}.ToldKinds <> 0 THEN {(int)KindSource.Manifest} ELSE {(int)KindSource.Assumed} END");

    /// <summary>What a member has chosen, else the most exact of what manifests have told, else a container image.</summary>
    public static KnownKind Of(int told, ArtifactKind? chosen)
    {
        if (chosen is { } kind)
            return new KnownKind(kind, KindSource.Member);
        foreach (var exact in MostExactFirst)
        {
            if ((told & Artifact.BitOf(exact)) != 0)
                return new KnownKind(exact, KindSource.Manifest);
        }

        return new KnownKind(ArtifactKind.Container, KindSource.Assumed);
    }

    /// <summary>The <c>repoType</c> of files and the word of addresses.</summary>
    public static string NameOf(ArtifactKind kind) => kind switch
    {
        ArtifactKind.Container => "container",
        ArtifactKind.Helm => "helm",
        ArtifactKind.Model => "model",
        ArtifactKind.Dataset => "dataset",
        _ => "other",
    };

    public static ArtifactKind? Find(string name) => All.Cast<ArtifactKind?>().FirstOrDefault(kind => string.Equals(NameOf(kind!.Value), name, StringComparison.OrdinalIgnoreCase));
}
