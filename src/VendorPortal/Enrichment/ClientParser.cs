using System.Buffers;
using System.Collections.Frozen;

namespace VendorPortal.Enrichment;

/// <summary>
/// Tool and version from a user agent. The first product whose name is a known registry tool decides; else the first product that
/// has a version. Formats were read from the clients' own sources.
/// </summary>
public static class ClientParser
{
    private static readonly SearchValues<char> VersionEnds = SearchValues.Create(" ();,+");

    private const int MaxTool = 64;
    private const int MaxVersion = 64;

    // Name as it stands in the user agent (lower case) → the name people know the tool by.
    private static readonly FrozenDictionary<string, string> Tools = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["docker"] = "docker", ["docker-client"] = "docker", ["containerd"] = "containerd", ["buildkit"] = "buildkit", ["cri-o"] = "cri-o",
        ["libpod"] = "libpod", ["podman"] = "podman", ["containers"] = "containers", ["skopeo"] = "skopeo", ["buildah"] = "buildah",
        ["crane"] = "crane", ["gcrane"] = "gcrane", ["ko"] = "ko", ["kaniko"] = "kaniko", ["cosign"] = "cosign", ["trivy"] = "trivy", ["helm"] = "helm",
        ["oras"] = "oras", ["oras-go"] = "oras-go", ["regclient"] = "regclient", ["watchtower"] = "watchtower", ["renovate"] = "renovate",
        ["renovatebot"] = "renovate", ["flux"] = "flux", ["argocd"] = "argocd", ["nerdctl"] = "nerdctl", ["diun"] = "diun", ["harbor"] = "harbor",
        ["singularity"] = "singularity", ["apptainer"] = "apptainer", ["go-containerregistry"] = "go-containerregistry",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Both are null where the user agent is empty or says nothing.</summary>
    public static (string? Tool, string? Version) Parse(string? userAgent)
    {
        var text = userAgent.AsSpan().Trim();
        if (text.IsEmpty)
            return (null, null);
        if (text.StartsWith(".NET Container Library"))
            return (".NET Container Library", Version(text[".NET Container Library".Length..].Trim()));

        ReadOnlySpan<char> first = default;
        foreach (var range in text.Split(' '))
        {
            var product = text[range];
            if (product.IsEmpty || product[0] == '(')
                continue;
            if (first.IsEmpty && IsName(NameOf(product)))
                first = product;
            if (Known(product) is { } tool)
                return (tool, VersionOf(product, text[range.End..]));
        }

        return first.IsEmpty ? (null, null) : (Clamp(NameOf(first), MaxTool), VersionOf(first, default));
    }

    private static string? Known(ReadOnlySpan<char> product)
    {
        Span<char> lower = stackalloc char[32];
        var name = NameOf(product);
        if (name.Length > lower.Length)
            return null;
        var length = name.ToLowerInvariant(lower);
        return Tools.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(lower[..length], out var tool) ? tool : null;
    }

    // Signs alone name nothing, and "-" stands for what is unknown.
    private static bool IsName(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (char.IsLetterOrDigit(character))
                return true;
        }

        return false;
    }

    private static ReadOnlySpan<char> NameOf(ReadOnlySpan<char> product) => product.IndexOf('/') is > 0 and var slash ? product[..slash] : product;

    // "tool/1.2.3", "regclient/regctl (v0.8.0)": a version starts with a digit, a leading v is dropped.
    private static string? VersionOf(ReadOnlySpan<char> product, ReadOnlySpan<char> rest)
    {
        var slash = product.IndexOf('/');
        var version = slash < 0 ? null : Version(product[(slash + 1)..]);
        if (version is not null || slash < 0)
            return version;
        rest = rest.Trim();
        return rest.Length > 2 && rest[0] == '(' ? Version(rest[1..].TrimEnd(')')) : null;
    }

    private static string? Version(ReadOnlySpan<char> text)
    {
        if (!text.IsEmpty && text[0] is 'v' or 'V')
            text = text[1..];
        if (text.IsEmpty || !char.IsAsciiDigit(text[0]))
            return null;
        var end = text.IndexOfAny(VersionEnds);
        return Clamp(end < 0 ? text : text[..end], MaxVersion);
    }

    private static string Clamp(ReadOnlySpan<char> text, int max) => (text.Length > max ? text[..max] : text).ToString();
}
