# Signs one program or installer. Tauri's bundler calls it for each of them, the uninstaller included.
# Without a certificate it leaves the file as it is, so that packages can be made by everybody.
param([Parameter(Mandatory)] [string] $File)
$ErrorActionPreference = 'Stop'

if (-not $env:BECKON_SIGNING_THUMBPRINT) {
    Write-Output "Not signed, since there is no certificate: $File"
    exit 0
}
$kits = Join-Path ${env:ProgramFiles(x86)} 'Windows Kits\10\bin'
$signtool = Get-ChildItem (Join-Path $kits '10.*\x64\signtool.exe') |
    Sort-Object { [version] $_.Directory.Parent.Name } | Select-Object -Last 1
if (-not $signtool) { throw "there is no signtool.exe below $kits" }
& $signtool.FullName sign /sha1 $env:BECKON_SIGNING_THUMBPRINT /fd SHA256 /tr http://timestamp.digicert.com /td SHA256 $File
exit $LASTEXITCODE
