using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Demo;

/// <summary>A release of a sample artifact: an index of two platforms, or a single manifest where <see cref="Children"/> is empty.</summary>
internal sealed record SampleRelease(string Artifact, ArtifactKind Kind, string Version, DateTime ReleasedUtc, string Digest, IReadOnlyList<string> Children);

/// <summary>The artifacts of the sample vendor and their releases over a year.</summary>
internal sealed class SampleCatalog
{
    private static readonly (string Name, int Major, int Minor, int CadenceDays, ArtifactKind Kind)[] Artifacts =
    [
        ("nimbus/platform", 3, 4, 16, ArtifactKind.Container),
        ("nimbus/agent", 1, 18, 12, ArtifactKind.Container),
        ("nimbus/gateway", 2, 0, 27, ArtifactKind.Container),
        ("nimbus/console", 4, 1, 21, ArtifactKind.Container),
        ("nimbus/operator", 0, 9, 34, ArtifactKind.Container),
        ("charts/nimbus", 7, 0, 16, ArtifactKind.Helm),
        ("models/nimbus-forecast", 2, 1, 48, ArtifactKind.Model),
        ("datasets/nimbus-telemetry", 1, 0, 61, ArtifactKind.Dataset),
    ];

    private readonly Dictionary<string, List<SampleRelease>> releases;

    public SampleCatalog(DateTime fromUtc, DateTime toUtc)
    {
        releases = Artifacts.ToDictionary(a => a.Name, a => Releases(a, fromUtc, toUtc), StringComparer.Ordinal);
    }

    public IEnumerable<string> Names => releases.Keys;

    public IReadOnlyList<SampleRelease> ReleasesOf(string artifact) => releases[artifact];

    /// <summary>The newest release that was out at a moment.</summary>
    public SampleRelease Latest(string artifact, DateTime atUtc) =>
        releases[artifact].FindLast(r => r.ReleasedUtc <= atUtc) ?? releases[artifact][0];

    private static List<SampleRelease> Releases((string Name, int Major, int Minor, int CadenceDays, ArtifactKind Kind) artifact, DateTime fromUtc, DateTime toUtc)
    {
        var (major, minor, patch) = (artifact.Major, artifact.Minor, 0);
        var all = new List<SampleRelease>();
        // Two releases are out when the year begins; then one every few weeks, on a weekday morning.
        for (var at = fromUtc.Date.AddDays(-2 * artifact.CadenceDays).AddHours(9.5); at < toUtc; at = NextRelease(at, artifact.CadenceDays, all.Count))
        {
            var version = string.Create(CultureInfo.InvariantCulture, $"{major}.{minor}.{patch}");
            all.Add(new SampleRelease(
                artifact.Name, artifact.Kind, version, at, Digest(artifact.Name, version, "index"),
                artifact.Kind != ArtifactKind.Container ? [] : [Digest(artifact.Name, version, "linux/amd64"), Digest(artifact.Name, version, "linux/arm64")]));
            (major, minor, patch) = all.Count % 11 == 10 ? (major + 1, 0, 0) : all.Count % 3 == 2 ? (major, minor + 1, 0) : (major, minor, patch + 1);
        }

        return all;
    }

    private static DateTime NextRelease(DateTime at, int cadenceDays, int number)
    {
        var next = at.AddDays(cadenceDays + (number % 3) - 1);
        return next.DayOfWeek switch
        {
            DayOfWeek.Saturday => next.AddDays(2),
            DayOfWeek.Sunday => next.AddDays(1),
            _ => next,
        };
    }

    private static string Digest(params string[] parts) =>
        "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('|', parts))));
}
