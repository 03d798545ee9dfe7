using VendorPortal.Feeds;

namespace VendorPortal.Enrichment.Networks;

/// <summary>What a file of an operator holds, whatever its format.</summary>
/// <param name="What">What it is, in a few words for people.</param>
internal sealed record NetworkFileContent(string What)
{
    /// <summary>Extensions of files that are looked at.</summary>
    public static readonly IReadOnlyList<string> Extensions = [".mmdb", ".csv", ".txt", ".json"];

    public INetworkSource? Source { get; init; }

    /// <summary>Types of networks by the number of their autonomous system.</summary>
    public IReadOnlyDictionary<uint, string>? Systems { get; init; }

    /// <summary>The cloud whose prefixes these are: what is built in of it then no longer counts.</summary>
    public string? Host { get; init; }

    /// <summary>When the data was made, where the file says so.</summary>
    public DateTime? BuiltUtc { get; init; }

    public int Entries => Source?.Networks ?? Systems?.Count ?? 0;

    /// <summary>Reads a file; its format shows in what it holds, its name tells what a bare list is of.</summary>
    /// <exception cref="NetworkFileException">It is damaged, or of no known format.</exception>
    public static NetworkFileContent Read(string name, byte[] file)
    {
        if (name.EndsWith(".mmdb", StringComparison.OrdinalIgnoreCase) || MmdbFile.Is(file))
        {
            var database = MmdbFile.Open(file);
            return new NetworkFileContent(RequestFields.Clean(database.Type, 60) ?? "MMDB") { Source = new MmdbSource(database), BuiltUtc = database.BuiltUtc };
        }

        var text = file.AsMemory().TrimStart(" \t\r\n\uFEFF"u8);
        return text.Span is [(byte)'{', ..] ? CloudJson.Read(text) : NetworkText.Read(name, file);
    }
}
