namespace VendorPortal.Feeds.AccessLogs;

/// <summary>
/// A request's path as the distribution specification has it: <c>/v2/&lt;name&gt;/manifests/&lt;reference&gt;</c>. <see cref="Problem"/> says
/// why such a path cannot be used.
/// </summary>
internal sealed record ManifestPath(string Repository, string? Tag, string? Digest, string? Problem)
{
    private const string Manifests = "/manifests/";

    /// <summary>A quick look at raw bytes: false where the path is certainly none of a manifest.</summary>
    public static bool MayBe(ReadOnlySpan<byte> uri) => uri.StartsWith("/v2/"u8) && uri.IndexOf("/manifests"u8) > 0;

    /// <summary>Null where it is another path of the registry.</summary>
    public static ManifestPath? Parse(string uri)
    {
        var end = uri.AsSpan().IndexOfAny('?', '#');
        var path = end < 0 ? uri : uri[..end];
        var at = path.LastIndexOf(Manifests, StringComparison.Ordinal);
        if (at < 4 || !path.StartsWith("/v2/", StringComparison.Ordinal))
            return null;
        var repository = Uri.UnescapeDataString(path[4..at]);
        var reference = Uri.UnescapeDataString(path[(at + Manifests.Length)..]);
        if (RequestFields.CheckRepository("the repository of the path", repository) is { } badRepository)
            return new ManifestPath("", null, null, badRepository);
        if (RequestFields.IsDigest(reference))
            return new ManifestPath(repository, null, reference, null);
        if (reference.Length == 0)
            return new ManifestPath("", null, null, "the path names no tag or digest");
        return RequestFields.CheckTag("the tag of the path", reference) is { } badTag
            ? new ManifestPath("", null, null, badTag)
            : new ManifestPath(repository, reference, null, null);
    }
}
