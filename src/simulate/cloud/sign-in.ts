/** A sign-in to the console, as its record has it. */
export const signIn = (mfa: 'Yes' | 'No', result: 'Success' | 'Failure' = 'Success') => ({
  api: 'signin:ConsoleLogin',
  eventType: 'AwsConsoleSignIn' as const,
  more: {
    responseElements: { ConsoleLogin: result },
    additionalEventData: { LoginTo: 'https://console.aws.amazon.com/console/home', MobileVersion: 'No', MFAUsed: mfa },
    ...(result === 'Failure' ? { errorMessage: 'Failed authentication' } : {}),
  },
});
