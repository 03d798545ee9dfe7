using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Enrichment;

namespace VendorPortal.Tests.Enrichment;

public sealed class ClientParserTests
{
    public static TheoryData<string, string?, string?> Collected()
    {
        using var cases = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Data", "user_agents.json")));
        var data = new TheoryData<string, string?, string?>();
        foreach (var item in cases.RootElement.EnumerateArray())
            data.Add(item.GetProperty("ua").GetString()!, item.GetProperty("tool").GetString(), item.GetProperty("version").GetString());
        return data;
    }

    [Fact]
    public void Collected_AreAllThere() => Assert.True(Collected().Count >= 20);

    [Theory]
    [MemberData(nameof(Collected))]
    [InlineData("docker/28.5.2 go/go1.24.9 git-commit/89c5e8f kernel/6.1.0 os/linux arch/amd64 UpstreamClient(compose/2.40.3-3)", "docker", "28.5.2")]
    [InlineData("Docker-Client/28.5.2 (linux)", "docker", "28.5.2")]
    [InlineData("containerd/1.7.24~ds1", "containerd", "1.7.24~ds1")]
    [InlineData("containers/5.39.2 (github.com/containers/image)", "containers", "5.39.2")]
    [InlineData("Buildah/1.43.2", "buildah", "1.43.2")]
    [InlineData("go-containerregistry", "go-containerregistry", null)]
    [InlineData("oras/1.3.3", "oras", "1.3.3")]
    [InlineData("cosign/devel (linux; amd64) go-containerregistry", "cosign", null)]
    [InlineData("cosign/v2.5.0 (linux; amd64) go-containerregistry/v0.20.3", "cosign", "2.5.0")]
    [InlineData("RenovateBot/38.142.7 (https://github.com/renovatebot/renovate)", "renovate", "38.142.7")]
    [InlineData(".NET Container Library v10.0.401-servicing.25460.1+b5f3a1", ".NET Container Library", "10.0.401-servicing.25460.1")]
    [InlineData(".NET Container Library", ".NET Container Library", null)]
    [InlineData("Python-urllib/3.11", "Python-urllib", "3.11")]
    [InlineData(null, null, null)]
    [InlineData("   ", null, null)]
    [InlineData("(compatible)", null, null)]
    [InlineData("-/1", null, null)]
    [InlineData("--- /", null, null)]
    [InlineData("-/2 curl/8.9.1", "curl", "8.9.1")]
    [InlineData("- docker/28.5.2", "docker", "28.5.2")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101", "Mozilla", "5.0")]
    public void Parse_UserAgent_GivesToolAndVersion(string? userAgent, string? tool, string? version) =>
        Assert.Equal((tool, version), ClientParser.Parse(userAgent));

    [Fact]
    public void Parse_Anything_GivesShortTextOrNothing() => Check.One(Config.QuickThrowOnFailure.WithMaxTest(2_000), Prop.ForAll(
        (from parts in Gen.ListOf(Gen.Elements("docker", "/", " ", "(", ")", "v", "1.2.3", ".NET Container Library", "\t", "İ", "🚀", new string('x', 90), "\\", ";", ""), 12)
         select string.Concat(parts)).ToArbitrary(),
        userAgent =>
        {
            var (tool, version) = ClientParser.Parse(userAgent);

            Assert.True(tool is null or { Length: > 0 and <= 64 });
            Assert.True(tool?.Any(char.IsLetterOrDigit) != false);
            Assert.True(version is null or { Length: > 0 and <= 64 });
            Assert.True(version is null || tool is not null);
        }));
}
