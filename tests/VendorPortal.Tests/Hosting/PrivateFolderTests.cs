using VendorPortal.Hosting;

namespace VendorPortal.Tests.Hosting;

public sealed class PrivateFolderTests
{
    [Fact]
    public void Create_MissingFolder_IsForItsOwnerOnly()
    {
        var parent = Directory.CreateTempSubdirectory("vendor-portal-test-");
        try
        {
            var made = PrivateFolder.Create(Path.Combine(parent.FullName, "data"));
            Assert.True(made.Exists);
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, made.UnixFileMode);
        }
        finally
        {
            parent.Delete(recursive: true);
        }
    }
}
