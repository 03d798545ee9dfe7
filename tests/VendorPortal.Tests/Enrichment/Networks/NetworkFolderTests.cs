using Microsoft.Extensions.Logging.Abstractions;
using VendorPortal.Enrichment;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Hosting;

namespace VendorPortal.Tests.Enrichment.Networks;

public sealed class NetworkFolderTests : IDisposable
{
    private readonly DirectoryInfo data = Directory.CreateTempSubdirectory("portal-networks-");
    private readonly NetworkLookup lookup = new();
    private readonly PortalOptions options;
    private readonly NetworkFolder folder;
    private int changes;

    public NetworkFolderTests()
    {
        options = new PortalOptions { DataDirectory = data.FullName };
        folder = new NetworkFolder(lookup, options, TimeProvider.System, NullLogger<NetworkFolder>.Instance);
        lookup.Changed += () => changes++;
        Directory.CreateDirectory(Path.Combine(data.FullName, "networks"));
    }

    public void Dispose()
    {
        folder.Dispose();
        data.Delete(recursive: true);
    }

    [Fact]
    public void Look_FileIsNew_CountsOnceItIsSettledAndGoesWithTheFile()
    {
        Look(first: true);
        Write("a.csv", "192.0.2.0,192.0.2.255,DE\n");
        Look();
        Assert.Null(Country); // it may still be growing
        Write("a.csv", "192.0.2.0,192.0.2.255,DE\n192.0.3.0,192.0.3.255,FR\n");
        Look();
        Assert.Null(Country);
        Look();
        Assert.Equal("DE", Country);
        Assert.Equal(("a.csv", 2, null, true), Assert.Single(lookup.Files) is var file ? (file.Name, file.Entries, file.Error, file.InUse) : default);
        Look();
        Look();
        Assert.Equal(1, changes);

        File.Delete(PathOf("a.csv"));
        Look();
        Look();
        Assert.Null(Country);
        Assert.Empty(lookup.Files);
        Assert.Equal(2, changes);
    }

    [Fact]
    public void Look_FileOfTheStart_CountsAtOnce()
    {
        Write("a.csv", "192.0.2.0,192.0.2.255,DE\n");
        Look(first: true);
        Assert.Equal("DE", Country);
    }

    [Fact]
    public void Look_NewVersionIsDamaged_EarlierOneStaysUntilItIsMended()
    {
        Write("a.csv", "192.0.2.0,192.0.2.255,DE\n");
        Write("b.mmdb", "no database");
        Look(first: true);
        Write("a.csv", "192.0.2.0,192.0.2.255,FR\nand then?\n");
        Look();
        Look();

        Assert.Equal("DE", Country);
        Assert.Equal([("a.csv", true), ("b.mmdb", false)], lookup.Files.Select(f => (f.Name, f.InUse)));
        Assert.Contains("Line 2", lookup.Files[0].Error, StringComparison.Ordinal);
        Assert.Contains("MMDB", lookup.Files[1].Error, StringComparison.Ordinal);
        Assert.Equal(1, changes);

        Write("a.csv", "192.0.2.0,192.0.2.255,FR\n");
        Look();
        Look();
        Assert.Equal("FR", Country);
        Assert.Null(lookup.Files[0].Error);
    }

    [Fact]
    public void Look_FilesBeyondTheLimit_AreNotReadAndSaySo()
    {
        options.Networks.MaxBytes = 40;
        Write("a.csv", "192.0.2.0,192.0.2.255,DE\n");
        Write("b.csv", "192.0.2.0,192.0.2.127,FR\n");
        Look(first: true);

        Assert.Equal("DE", Country);
        Assert.Contains("Portal:Networks:MaxBytes", lookup.Files[1].Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Look_OtherFilesAndNoFolder_AreNothing()
    {
        Write("README.md", "about these files");
        Write(".hidden.csv", "x");
        Look(first: true);
        Assert.Empty(lookup.Files);

        Directory.Delete(Path.Combine(data.FullName, "networks"), recursive: true);
        Look();
        Look();
        Assert.Empty(lookup.Files);
        Assert.Equal(0, changes);
    }

    private string? Country => lookup.Find(IpAddressText.Parse("192.0.2.7")!).Country;

    private string PathOf(string name) => Path.Combine(data.FullName, "networks", name);

    private void Look(bool first = false) => folder.Look(first, CancellationToken.None);

    private void Write(string name, string text)
    {
        File.WriteAllText(PathOf(name), text);
        File.SetLastWriteTimeUtc(PathOf(name), DateTime.UtcNow.AddMinutes(-text.Length)); // versions differ, however fast they follow each other
    }
}
