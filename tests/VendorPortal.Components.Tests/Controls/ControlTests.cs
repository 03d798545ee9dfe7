using Bunit;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Sections;
using VendorPortal.Components.Controls;

namespace VendorPortal.Components.Tests.Controls;

public sealed class ControlTests : BunitContext
{
    [Fact]
    public void Icon_Named_DrawsSomethingForEveryName()
    {
        foreach (var name in Icon.Names)
        {
            var icon = Render<Icon>(p => p.Add(i => i.Name, name));
            Assert.NotEmpty(icon.Find("svg").Children);
            Assert.Equal("true", icon.Find("svg").GetAttribute("aria-hidden"));
        }
    }

    [Fact]
    public void Icon_WithLabel_IsAnImageWithAName()
    {
        var svg = Render<Icon>(p => p.Add(i => i.Name, "warning").Add(i => i.Label, "Late")).Find("svg");
        Assert.Equal("img", svg.GetAttribute("role"));
        Assert.Equal("Late", svg.GetAttribute("aria-label"));
        Assert.False(svg.HasAttribute("aria-hidden"));
    }

    [Fact]
    public void Icon_UnknownName_Throws() =>
        Assert.Throws<InvalidOperationException>(() => Render<Icon>(p => p.Add(i => i.Name, "no-such-icon")));

    [Fact]
    public void CopyBlock_Text_IsShownEncodedAndCopiedWhole()
    {
        const string text = "endpoints:\n  - url: \"http://x/?a=1&b=<2>\"";
        var block = Render<CopyBlock>(p => p.Add(b => b.Text, text).Add(b => b.Label, "Stanza"));
        Assert.Equal(text, block.Find("code").TextContent);
        Assert.Equal(text, block.Find("button").GetAttribute("data-copy"));
        Assert.Equal("Copy: Stanza", block.Find("button").GetAttribute("aria-label"));
    }

    [Fact]
    public void DigestText_IsShort_AndCarriesTheWholeDigest()
    {
        const string digest = "sha256:3f2a0000000000000000000000000000000000000000000000000000000091c0";
        var text = Render<DigestText>(p => p.Add(d => d.Digest, digest));
        Assert.Equal("sha256:3f2a…91c0", text.Find(".mono").TextContent);
        Assert.Equal(digest, text.Find(".mono").GetAttribute("title"));
        Assert.Equal(digest, text.Find("button").GetAttribute("data-copy"));
        Assert.Empty(Render<DigestText>(p => p.Add(d => d.Digest, digest).Add(d => d.NoCopy, true)).FindAll("button"));
    }

    [Theory]
    [InlineData("1.4.2", "1.4.2")]
    [InlineData("sha256:abc", "sha256:abc")]
    [InlineData("", "")]
    public void DigestText_OfShortText_LeavesItAsItIs(string text, string expected) => Assert.Equal(expected, DigestText.Short(text));

    [Fact]
    public void PageHeader_PutsTitleAndActionsIntoTheFrame()
    {
        var page = Render(builder =>
        {
            builder.OpenComponent<SectionOutlet>(0);
            builder.AddAttribute(1, nameof(SectionOutlet.SectionName), PageHeader.Section);
            builder.CloseComponent();
            builder.OpenComponent<PageHeader>(2);
            builder.AddAttribute(3, nameof(PageHeader.Title), "Feeds");
            builder.AddAttribute(4, nameof(PageHeader.Actions), (RenderFragment)(inner => inner.AddMarkupContent(0, "<button>Add</button>")));
            builder.CloseComponent();
        });
        Assert.Equal("Feeds", page.Find("h1").TextContent);
        Assert.Equal("Add", page.Find(".page-actions button").TextContent);
    }

    [Theory]
    [InlineData("Europe/Berlin", "Europe/Berlin", 14)]
    [InlineData("UTC", "UTC", 12)]
    [InlineData(null, "UTC", 12)]
    [InlineData("Not/AZone", "UTC", 12)]
    [InlineData("../../etc/passwd", "UTC", 12)]
    public void ViewerZone_OfABrowsersName_IsThatZoneOrUtc(string? sent, string name, int hour)
    {
        var zone = ViewerZone.Of(sent);
        Assert.Equal(name, zone.Name);
        Assert.Equal(hour, zone.Local(new DateTime(2026, 7, 1, 12, 0, 0, DateTimeKind.Utc)).Hour);
    }
}
