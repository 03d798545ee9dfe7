namespace VendorPortal.Hosting;

/// <summary>What the portal listens on, as an address that can be opened on this machine.</summary>
internal static class ListenAddress
{
    /// <summary>A host that stands for all addresses becomes <c>localhost</c>; any other address stays as it is.</summary>
    public static string Openable(string address)
    {
        foreach (var all in (ReadOnlySpan<string>)["*", "+", "0.0.0.0", "[::]"])
            address = address.Replace($"://{all}", "://localhost", StringComparison.Ordinal);
        return address.TrimEnd('/');
    }
}
