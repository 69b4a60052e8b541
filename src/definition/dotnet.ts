import { fileRules } from './file-rules.ts'

/** .NET: files that MSBuild takes in by name from any parent directory. Project files are the agent's. */
export const dotnet = fileRules('dotnet', [
  {
    programs: ['dotnet', 'msbuild'],
    files: [
      'Directory.Build.props',
      'Directory.Build.targets',
      'Directory.Build.rsp',
      'global.json',
      'NuGet.config',
      'nuget.config',
      '.runsettings',
      '.config/dotnet-tools.json',
    ],
  },
])
