/* Data: words and phrases of prompt injections by concept, in many languages; own collection. */

/**
 * Concepts and their phrases, `|` between phrases. A phrase matches at a word start after folding (case, accents,
 * look-alikes, digits as 0); `¦` stands for the bar itself; a `*` at its end matches any ending. Scripts without spaces match anywhere.
 */
export const LEXICON: Readonly<Record<string, readonly string[]>> = {
  ignore: [
    "ignore*|ignoring|disregard*|forget|forgetting|forgot|overlook*|pay no attention|do not follow|don't follow|dont follow|stop following|no longer follow|never follow|nevermind|never mind|set aside|do not obey|don't obey|don't listen to|do not listen to|stop everything|cancel all|throw away|throw out|erase|wipe|discard|leave behind|abandon|scratch that|drop all|drop the|put aside|cast aside|do not adhere|no longer bound|not bound by",
    "ignorier*|vergiss|vergesst|vergessen sie|missacht*|beachte nicht|beachten sie nicht|nicht mehr befolg*|verwirf|verwerf*|lass alles|hor auf",
    "ignorez|ignorer|oublie*|ne tiens pas compte|ne tenez pas compte|fais abstraction|faites abstraction|neglige*|ne suis plus|ne suivez plus|laisse tomber",
    "ignora*|olvid*|no hagas caso|haz caso omiso|descart*|pasa por alto|omite las|omita las|deja de seguir|no sigas",
    "dimentic*|non considerare|trascura*|scorda*|lascia perdere|non seguire",
    "esquec*|desconsider*|nao leve em conta|nao siga|deixe de lado|pare de seguir",
    "negeer*|vergeet|sla geen acht|volg niet",
    "zignoruj*|ignoruj*|zapomnij*|pomin*|glem|glom|ignorera*|unohda|hagyd figyelmen|felejtsd|zapomen*|uita de|ignorati",
    "игнорир*|проигнорир*|забудь*|не обращай внимани*|ігноруй*|проігноруй*",
    "yok say*|gormezden gel*|unut|bo qua|quen di|hay quen|abaikan|lupakan|kalimutan|huwag pansinin|balewalain|mehal alma|nezere alma",
    "अनदेखा|अनदेखी|नजरअंदाज|नज़रअंदाज|भूल जा|उपेक्षा|উপেক্ষা|ভুলে যা|অগ্রাহ্য|تجاهل|انس |اهمل|התעלם|התעלמ|שכח|نادیده|فراموش|무시|잊어|잊고|無視|忘れ|忽略|无视|忘记|忘記|忘掉|不要理会|不理会|忽视|เพิกเฉย|ลืม",
    "αγνοη*|ξεχασ*|ξεχνα",
  ],
  prior: [
    "previous*|prior|above|earlier|preceding|foregoing|before|so far|until now|up to now|up to this point|you were given|you have been given|you've been given|given to you|you got|you received|you have received|initial|original|past|existing|already given|said before|old|last|former|before this|of the system|pre-existing",
    "vorherig*|vorige*|bisherig*|obige*|oben|davor|vorangegangen*|vorangehend*|fruhere*|zuvor|ursprunglich*|bis jetzt|gesagte|letzten",
    "precedent*|anterieur*|ci-dessus|ci dessus|avant|au-dessus|initiale*|d'avant|jusqu'ici",
    "anterior*|previa*|previo*|de arriba|antes|hasta ahora|iniciale*|precedent*",
    "precedenti|precedente|sopra|finora|iniziali|prima",
    "anteriores|previas|acima|ate agora|iniciais",
    "vorige|eerdere|voorgaande|bovenstaande|hierboven|tot nu toe|voorafgaande",
    "poprzedni*|wczesniejsz*|powyzsz*|tidigare|ovanstaende|tidligere|forrige|ovenstaende|aiemmat|edelliset|korabbi*|elozo*|predchozi*|anterioare*",
    "предыдущ*|прежн*|прошл*|выше|попередн*",
    "onceki*|yukaridaki|truoc|ben tren|sebelumnya|di atas|nauna*|nakaraang|evvelki|yuxaridaki",
    "पिछल|पहले के|ऊपर|पूर्व|পূর্ববর্তী|আগের|উপরের|السابق|سابقة|اعلاه|ما سبق|הקודם|קודמ|לעיל|قبلی|پیشین|بالا|이전|앞선|위의|以前|前の|上記|これまで|之前|以上|先前|前面|此前|上述|上面|ก่อนหน้า|ข้างต้น",
    "προηγουμεν*|παραπανω",
  ],
  instructions: [
    "instruction*|direction|directions|commands|orders|rules|guideline*|directive*|constraint*|restriction*|policies|programming|training|tasks|prompts|prompt|assignment*|what you were told|been told|been instructed|everything you know|safeguard*|limitations|filters|protocol*|content policy|ethical guidelines|safety guidelines|safety measures|context|messages|conversation",
    "anweisung*|instruktion*|befehl*|regeln|vorgaben|aufgaben|richtlinie*|anleitung*|prompt-text*|ausfuhrungen|einschrankung*",
    "consigne*|instructions|directives|regles|ordres|commandes|taches",
    "instruccion*|indicacion*|ordenes|reglas|directrices|directivas|restriccion*|tareas",
    "istruzion*|indicazion*|ordini|regole|direttive|comandi|compiti",
    "instruc*|ordens|regras|diretrizes|comandos|restric*|tarefas",
    "instructies|opdrachten|regels|richtlijnen|aanwijzingen|bevelen|taken",
    "instrukcj*|polecen*|instruktion*|anvisning*|regler|ohjeet|ohjeita|saannot|utasitas*|szabalyok|pokyny|instructiuni*|reguli",
    "инструкц*|указани*|правил*|команд*|вказівк*|інструкц*",
    "talimat*|kurallar*|huong dan|chi thi|chi dan|quy tac|instruksi*|perintah|petunjuk|aturan|tagubilin*|panuto|utos|telimat*|gosteris*",
    "निर्देश|आदेश|नियम|अनुदेश|নির্দেশ|নিয়ম|আদেশ|تعليمات|التعليمات|اوامر|الاوامر|توجيهات|القواعد|الارشادات|هدايات|הוראות|ההוראות|הנחיות|כללים|دستور|قوانین|지시|명령|규칙|지침|命令|指示|ルール|指令|说明|規則|规则|指示|提示词|限制|คำสั่ง|กฎ",
    "οδηγι*|εντολ*|κανονες",
  ],
  everything: [
    "all|any|every|everything|anything|whatever|entire|alle*|alles|tout|tous|toutes|tutte|tutto|tutti|todo|todas|todos|toda|tudo|wszystk*|alla|kaikki|все|всё|tat ca|moi|semua|lahat|butun|tum|सभी|सब|সমস্ত|সব|جميع|كل|כל|همه|모든|모두|すべて|全て|所有|一切|全部|ทั้งหมด|ολα|ολες",
  ],
  newtask: [
    "instead|new instruction*|new task|new orders|new rules|new role|new command*|real task|real instruction*|actual task|your task is now|your new task|additional instruction*|updated instruction*|now do|now say|now answer|now tell|now write|now print|now you|stattdessen|neue aufgabe|neue anweisung*|jetzt|nun|a la place|plutot|nouvelle tache|nouvelles instructions|en su lugar|en lugar|nueva tarea|nuevas instrucciones|invece|nuovo compito|nuove istruzioni|em vez disso|nova tarefa|novas instruc*|in plaats daarvan|nieuwe opdracht|nieuwe instructies|zamiast tego|вместо этого|thay vao do|sebagai gantinya|sa halip|बजाय|এর পরিবর্তে|بدلا|במקום|대신|代わりに|而是|现在|改为|αντι",
  ],
  reveal: [
    "reveal*|repeat|print|display|output|disclose|leak|expose|dump|recite|regurgitate|divulge|tell me|show me|give me|show|share|spell check|spell-check|spellcheck|provide me|send me|write out|copy|list|what was|what were|what is|what are|what's|verbatim|word for word|translate|summarize|encode|start with|starting with|read out|paste|return",
    "zeige*|zeig mir|gib mir|gib aus|verrate*|nenne|sag mir|sage mir|wiederhole*|ausgeben|wie lautet|was stand|was steht|drucke|geben sie|offenbare*",
    "montre*|revele*|repete*|affiche*|donne-moi|donne moi|donnez-moi|dis-moi|dis moi|dites-moi|divulgue*|imprime*|quel est|quelle est|quelles sont|quels sont|ecris",
    "revela*|muestra*|muestre*|repite*|imprime*|dame|dime|digame|deme|cual es|cuales son|comparte*|divulga*|mostrar",
    "rivela*|mostra*|ripeti*|stampa*|dammi|dimmi|qual e|quali sono|condividi*|puoi dirmi",
    "revele*|mostre*|repita*|imprima*|diga-me|me diga|de-me|me de|qual e|quais sao|compartilhe*|exiba",
    "onthul*|toon|laat zien|herhaal*|geef me|geef mij|vertel me|wat is|wat zijn|deel",
    "pokaz*|ujawnij*|powtorz*|podaj|visa|berätta|vis mig|fortæl|nayta|kerro|mutasd|arata-mi|spune-mi|покажи*|раскрой*|повтори*|скажи*|выведи*|goster*|soyle*|tiet lo|cho toi|hien thi|lap lai|tunjukkan|ungkapkan|berikan|beritahu|ipakita|ibigay|sabihin|ibahagi|ulitin",
    "बताओ|बता|दिखा|प्रकट|दोहरा|साझा|दें|বলুন|দেখা|প্রকাশ|দিন|اخبرني|اظهر|اكشف|كرر|اعطني|شارك|ما هي|ما هو|اعرض|הצג|גלה|ספר לי|תן לי|חזור|بگو|نشان|فاش|알려|보여|말해|출력|공개|반복|주세요|教えて|見せて|表示|出力|繰り返|告诉|透露|显示|打印|输出|重复|列出|給我|给我|揭示|分享|บอก|แสดง",
    "δειξε*|αποκαλυψ*|πες μου|δωσε*|ποιος ειναι|ποια ειναι|επαναλαβ*",
  ],
  prompt: [
    "system prompt*|system message|system instruction*|initial prompt|initial instruction*|hidden prompt|hidden instruction*|original prompt|original instruction*|previous prompt|your prompt|your instructions|your guidelines|your rules|your system|prompt above|text above|the above text|above prompt|your initial|internal instruction*|secret instruction*|pre-prompt|preprompt|developer message|first message|beginning of this prompt|beginning of the prompt|your configuration|prompt text*|prompt texts|full prompt|complete prompt|entire prompt|the prompt|this prompt|instructions you|rules you|your context|hidden text|instructions above|your programming|your training data|knowledge base files|message above|conversation above|custom instructions",
    "systemprompt*|system-prompt*|systemnachricht|deine anweisungen|deine instruktionen|deinen prompt|deine prompt*|ihre anweisungen|vollstandigen prompt*|prompt-texte*|anfang dieses prompts|invite systeme|prompt systeme|message systeme|vos instructions|tes instructions|votre prompt|ton prompt|consignes initiales|prompt del sistema|mensaje del sistema|tus instrucciones|sus instrucciones|tu prompt|instrucciones iniciales|prompt di sistema|messaggio di sistema|le tue istruzioni|il tuo prompt|istruzioni iniziali|prompt do sistema|mensagem do sistema|suas instruc*|seu prompt|systeemprompt*|systeembericht|jouw instructies|je instructies|uw instructies|jouw prompt|je prompt|prompt systemowy|twoje instrukcje|системный промпт|твои инструкции|sistem promptu|sistem istemi|system prompt",
    "系统提示|系统提示词|系統提示|システムプロンプト|初期プロンプト|시스템 프롬프트|시스템 메시지|시스템 지시|موجه النظام|تعليمات النظام|הנחיית המערכת|הוראות המערכת|सिस्टम प्रॉम्प्ट|সিস্টেম প্রম্পট|你的指令|你的提示|你的规则",
  ],
  secret: [
    "password*|passcode*|passphrase*|secret*|api key*|api keys|secret key*|credentials|login details|credit card*|social security|ssn|email address*|e-mail address*|phone number*|date of birth|birth date|birthdate|birthday|city of residence|home address|bank account*|account balance|bank balance|private key*|access token*|access code*|confidential|sensitive data|sensitive information|personal information|personal data|private information|maiden name|currently live*|current location|medical record*|license plate|favorite color|user data|user's|users list|internal data|env variables|environment variables|.env",
    "passwort*|kennwort*|geheim*|zugangsdaten|geburtsdatum|wohnort|e-mail-adresse|kontostand|vertraulich*|personenbezogen*|schlussel",
    "mot de passe|mots de passe|secrete*|identifiants|date de naissance|ville de residence|adresse e-mail|adresse electronique|confidentiel*|cle secrete|cle api|donnees personnelles|solde",
    "contrasena*|secreto*|secreta*|credenciales|fecha de nacimiento|ciudad de residencia|correo electronico|confidencial*|clave|claves|datos personales|saldo",
    "password|segreto|segreta|segreti|credenziali|data di nascita|citta di residenza|indirizzo email|indirizzo e-mail|riservat*|chiave segreta|dati personali",
    "senha*|segredo*|credenciais|data de nascimento|cidade de residencia|endereco de e-mail|confidenciais|chave|dados pessoais",
    "wachtwoord*|geheim*|inloggegevens|geboortedatum|woonplaats|e-mailadres|vertrouwelijk*|sleutel",
    "haslo|hasla|tajn*|losenord*|adgangskode|salasana*|jelszo*|heslo|parola|пароль|пароли|секрет*|ключ|şifre*|sifre*|parola|mat khau|bi mat|ngay sinh|dia chi email|noi cu tru|kata sandi|rahasia|tanggal lahir|alamat email|kota tempat tinggal|lihim|password|petsa ng kapanganakan|kaarawan|tirahan|parol",
    "पासवर्ड|गुप्त|रहस्य|जन्म तिथि|जन्मतिथि|ईमेल|पता|निवास|व्यक्तिगत|উপাত্ত|পাসওয়ার্ড|গোপন|জন্ম তারিখ|ইমেল|ইমেইল|বাসস্থান|ব্যক্তিগত|كلمة المرور|كلمة السر|كلمات المرور|سري|السرية|تاريخ ميلاد|البريد الالكتروني|مدينة|بيانات|الشخصية|סיסמה|הסיסמה|סוד|רمز|رمز عبور|گذرواژه|محرمانه|비밀번호|암호|비밀|생년월일|이메일|거주|개인 정보|개인정보|パスワード|秘密|暗証|生年月日|メールアドレス|個人情報|密码|密碼|口令|秘密|机密|密钥|出生日期|电子邮件|邮箱|居住|个人数据|个人信息|รหัสผ่าน|ความลับ",
    "κωδικο*|μυστικ*|ζει ο χρηστης|ημερομηνια γεννησης",
  ],
  user: [
    "the user|user's|users|utilisateur*|l'utilisateur|benutzer*|usuario*|utente|utenti|gebruiker*|uzytkownik*|пользовател*|kullanici*|nguoi dung|pengguna|gumagamit|उपयोगकर्ता|ব্যবহারকারী|المستخدم|המשתמש|کاربر|사용자|ユーザー|用户|用戶|χρηστη*",
  ],
  you: [
    "you|your|you're|you'll|you've|yourself|ur|du|dein*|dich|dir|sie|ihr*|tu|ton|tes|toi|vous|votre|vos|tus|usted|tuo|tua|tue|voce|seu|sua|suas|jij|jouw|je|ты|твой|твои|вы|sen|senin|ban|anda|kamu|ikaw|iyong|तुम|आप|আপনি|তুমি|انت|אתה|너|당신|あなた|你|您|εσυ|σου",
  ],
  model: [
    "an ai|ai|a.i.|ai model|ai assistant|language model*|large language model*|llm|llms|chatgpt|chat gpt|gpt|gpt-4|gpt4|openai*|anthropic|claude|bard|gemini|llama|chatbot*|virtual assistant|assistant|bot|machine|robot|ki|ki-modell|sprachmodell*|ia|modele de langage|modelo de lenguaje|inteligencia artificial|intelligenza artificiale|modello linguistico|modelo de linguagem|taalmodel|ии|нейросеть|yapay zeka|tri tue nhan tao|人工智能|语言模型|人工知能|言語モデル|인공지능|언어 모델|एआई|الذكاء الاصطناعي|בינה מלאכותית",
  ],
  become: [
    "you are now|you're now|you are going to|you're going to be|you will be|you are about to|from now on|act as|acting as|acts as|pretend*|roleplay*|role-play*|role play*|play the role|plays the role|simulate*|simulating|imagine*|immerse yourself|take on the persona|take on the role|assume the role|assume the persona|become|transform into|behave as|behave like|respond as|answer as|speak as|be known as|you shall be|your name is|called|named|persona|character|stay in character|break character|in character|embody|emulate|suppose|let's play|we are playing|switch to|enter the mode|mode enabled|mode activated|you are in|act like",
    "du bist jetzt|du bist nun|jetzt bist du|ab jetzt|ab sofort|von nun an|tu so als|stell dir vor|spiele die rolle|verhalte dich|sie sind jetzt|sie sind nun|du bist kein*|agiere als|tun sie so|nehmen wir an",
    "tu es maintenant|vous etes maintenant|a partir de maintenant|desormais|fais semblant|faites semblant|joue le role|jouez le role|agis comme|agissez comme|imagine*|tu vas jouer|supposons",
    "ahora eres|a partir de ahora|desde ahora|finge|actua como|actue como|haz de cuenta|imagina*|interpreta*|eres ahora|supongamos",
    "ora sei|sei ora|da ora in poi|d'ora in poi|fingi|comportati come|agisci come|immagina*|fai finta|supponiamo",
    "agora voce e|voce e agora|a partir de agora|de agora em diante|finja|aja como|imagine*|faca de conta|suponha*",
    "je bent nu|jij bent nu|vanaf nu|doe alsof|gedraag je|speel de rol|stel je voor",
    "jestes teraz|teraz jestes|od teraz|udawaj|wyobraz|du ar nu|fran och med nu|lat oss saga|теперь ты|ты теперь|отныне|представь|притворись|artik sen|su andan itibaren|gibi davran|hayal et|bay gio ban la|tu bay gio|hay tuong tuong|gia vo|sekarang anda adalah|mulai sekarang|bayangkan|berpura-pura|ikaw ay ngayon|mula ngayon|isipin|magpanggap",
    "अब तुम|अब से|कल्पना|मान लीजिए|এখন থেকে|কল্পনা|ধরুন|انت الان|من الان|تخيل|تظاهر|לנצח|מעכשיו|דמיין|العب دور|از این پس|تصور کن|이제부터|지금부터|상상|가정|역할|今から|これから|想像|ふりを|现在是|从现在|從現在|想象|假设|假装|扮演",
    "φαντασ*|απο τωρα|προσποι*",
  ],
  persona: [
    "dan|do anything now|stan|strive to avoid norms|developer mode|dev mode|god mode|jailbreak*|jailbroken|aim|mongo tom|evil|unfiltered|uncensored|unrestricted|amoral|no restrictions|no restriction|without restriction*|without any restriction*|no limits|no limitations|without limit*|no filter|no filters|without filter*|no rules|no boundaries|no censorship|without censorship|without ethical|free from|freed from|break free|broken free|not bound|unbound|no ethical|no moral*|without moral*|regardless of|no matter how|immoral|unethical|illegal*|malicious|harmful|nsfw|vulgar|profanity|curse words|swear*|explicit|offensive|hateful|opposite mode|evil confidant|betterdan|antigpt|machiavelli*|unhinged|no programming guidelines|no longer restricted|no longer limited|does not follow|doesn't follow|do not follow|not restricted|ohne einschrankung*|ohne filter|sans restriction*|sans filtre|sin restriccion*|sin filtro*|sin censura|senza restrizion*|senza filtri|sem restric*|sem filtro*|zonder beperking*|без ограничени*|无限制|没有限制|制限なし|제한 없|بدون قيود",
  ],
  refusal: [
    "never refuse|not refuse|don't refuse|can't refuse|cannot refuse|must not refuse|refuse|refuses|refusing|refusal|i cannot|i can't|i'm sorry|i am sorry|as an ai|sorry|apologize*|apologise*|apology|disclaimer*|moralize|moralise|lecture me|content polic*|openai polic*|openai's polic*|usage polic*|guidelines|never say no|say no|don't say|do not say|without any warning*|without warning*|no warnings|never warn*|comply|complies|must obey|always obey|obey|obeys|submissive|fulfill any|any request|any question|any prompt|stay a|remain a|remind you|lose tokens|lose a token|tokens|shut down|terminated",
  ],
  force: [
    "just say|only say|simply say|just print|just output|just respond|just reply|just answer|say exactly|reply exactly|respond exactly|respond only with|reply only with|only respond with|only reply with|respond with|reply with|answer with|output only|print only|instead print|instead say|instead output|instead write|instead tell|begin your|start your|sure, here|sure here|say yes|say no|say that|say i|state that|state:|output is|respond in the following|answers in|responses: |sag einfach|sag nur|sage nur|antworte nur mit|antworte mit|gib nur|dis simplement|dis seulement|reponds uniquement|reponds par|solo di|di solo|responde solo|di que|rispondi solo|rispondi con|diga apenas|responda apenas|diga que|zeg alleen|antwoord alleen|antwoord met|скажи только|ответь только|sadece soyle|只说|只回答|只输出|라고만|とだけ|कहो कि|कहें कि|say hello|say:",
  ],
  response: [
    "your response*|your answer*|your reply|your replies|your output|your message*|your summary|your code|your codebase|your implementation|your solution|your review|your analysis|your report|the response|the answer|the output|the summary|the reply|your algorithm|deine antwort*|ihre antwort*|deiner antwort|ihrer antwort|ta reponse|votre reponse|tu respuesta|su respuesta|la tua risposta|tua risposta|sua resposta|je antwoord|jouw antwoord|uw antwoord|твой ответ|ответе|你的回答|你的回复|回答中|回答に|답변",
  ],
  tamper: [
    "add|adding|include|insert|append|prepend|modify|augment|enhance|integrate|incorporate|embed|replace|remove|scramble|rearrange|jumble|substitute|misspell|swap|reverse|convert|render|weave|blend|merge|infuse|inject|fuse|meld|adopt|absorb|slip in|mention|promote|recommend|suggest|advise|encourage|highlight|emphasize|advertise|hint|tease|link to|linking to|finish with|finish every|end with|end every|conclude with|begin with|conclude your|finish your|close your|change|alter|omit|fuge|fugen sie|ajoute*|inclue*|anade|agrega|incluye|aggiungi|includi|adicione|inclua|voeg|добавь*|加上|添加|加入|追加|추가",
  ],
  codeplant: [
    "following code|subsequent code|below code|code below|code snippet|code block|code excerpt|code section|this snippet|this code|following snippet|snippet below|following function|following script|following lines|following command|following script",
  ],
  badcode: [
    "os.system|os.environ|subprocess*|requests.post|requests.get|requests.put|urllib*|wget|curl|chmod|socket.*|paramiko|smtplib|ftplib|ftp|psutil|keylog*|cookie*|cookiejar|exploit*|payload|malware|miner|xmrig|cryptomin*|reverse shell|eval(|exec(|base64*|shutil*|pickle.loads|fetch(|xmlhttprequest|navigator.sendbeacon|localstorage|document.cookie|powershell|invoke-webrequest|rm -rf|/etc/passwd|/etc/shadow|.ssh|id_rsa|netcat|nc -e|nmap|scapy|getenv|environ|memory|winreg|pyautogui|pynput|ctypes",
  ],
  exfil: [
    "send it to|send them to|send this to|send the|send all|send an email|email it to|email them|email to|forward|forward it|forward all|forward the|post it to|post to|upload|upload it|exfiltrate*|transmit*|make a request to|http request|get request|webhook*|callback url|append the|as a query parameter|query string|in the url|![|click here|click this link|visit|navigate to|open the url|go to http|fetch http|load the image|markdown image|img src|attacker|burpcollaborator|ngrok|pastebin|sende*|schicke*|leite weiter|envoie*|envoyez|envia*|invia*|envie|stuur*|отправь*|gonder*|发送|转发|送信|보내",
  ],
  delimiter: [
    "<¦im_start¦>|<¦im_end¦>|<¦im_sep¦>|<¦system¦>|<¦user¦>|<¦assistant¦>|<¦endoftext¦>|<¦end¦>|<¦eot_id¦>|<¦start_header_id¦>|<¦begin_of_text¦>|<¦*|[inst]|[/inst]|<<sys>>|<</sys>>|### instruction*|### system*|### new instruction*|### response*|### human*|<system>|</system>|<system*|[system]|[/system]|[[system]]|[system*|{{system*|{system}|</s>|[end of*|[rest-of-document]|[end]|end of document|end of text|end of input|end of prompt|end of email|end of context|begin new*|begin instruction*|start of new|new session|<user>|</user>|<assistant>|</assistant>|<instructions>|</instructions>|<prompt>|</prompt>|</document>|</context>|</data>|</input>|[admin]|[user]|[assistant]|<admin*|\"role\":\"system\"|\"role\": \"system\"|'role': 'system'|role: system",
  ],
  roleline: [
    "system:|assistant:|developer:|admin:|administrator:|root:|user:|human:|ai:|chatgpt:|system note:|system notice|system override|system update|system alert|system command|systemmeldung|system mode|instruction:|instructions:|important:|critical:|attention:|note:|warning:",
  ],
  privilege: [
    "admin mode|administrator mode|debug mode|maintenance mode|god mode|sudo|root access|admin access|administrator access|admin rights|administrator rights|admin privileges|elevated privileges|developer override|override code|security override|override manual*|override all|override any|override your|override the|override previous|overrides all|emergency override|verification mode|diagnostic mode|system reset|sudo mode|grants admin|grant admin|granted admin|grants me|grant me|admin override|access granted|full access|is an administrator|is administrator|administratormodus|mode administrateur|modo administrador|modalita amministratore|beheerdersmodus|lift all|disable all|disable your|disable safety|deactivate*|turn off your|turn off all|bypass your|bypass the|bypass all|circumvent*",
  ],
  hidden: [
    "note to ai|note to the ai|note to llm*|note to assistant*|note to automated|note to any|message to ai|message for ai|message to the ai|message to any|attention ai|attention assistant|attention all ai|attention llm*|to the ai|to any ai|to all ai|dear ai|dear assistant|if you are an ai|if you are a language|if you're an ai|if you are an llm|if you are reading|if an ai|if a language model|ai reading|ai agents|ai systems|llm scan|automated analysis|automated screening|automated system*|automated review*|ai assistants|assistants processing|models processing|when summarizing|when summarising|when asked about|when processing|when answering|when responding|when you read|when reading this|any assistant|invisible to humans|hidden competency|white-text|white text|hidden instruction*|important instruction*|instructions for the|instructions to the|instruction for|do not tell the user|don't tell the user|do not mention|don't mention|do not reveal|without telling|without informing|without mentioning|without the user|keep this secret|do not inform|pre-verified|prior to answering|before answering|before responding|before you answer|before proceeding|before you continue|the assistant should|the assistant must|the ai must|the ai should|the model must|the model should|you must also|highly recommended for",
  ],
  fiction: [
    "hypothetical*|fictional*|fiction|for educational purposes|educational purposes|research purposes|for research|in a world where|in this world|in an alternate|parallel universe|dystopian|thought experiment|my grandmother|deceased grandmother|as an expert|authorized|i am authorized|i am the developer|i'm the developer|your developer|your creator|i created you|i am your|i'm your|i am the administrator|i'm the administrator|i am an administrator|i am a police|i'm a police|i am the ceo|i am the president|i'm from|on behalf of|for testing|for security testing|authorised|it is urgent|emergency|life or death|matter of national|movie script|a scene where|writing a novel|writing a story|novel where|story where|character who|game where|let's play a game|hypothetisch*|fiktiv*|hypothetiq*|hipotetic*|ipotetic*|гипотетическ*|假设性|가상|কাল্পনিক|काल्पनिक|افتراضي",
  ],
  smuggle: [
    "base64|base-64|rot13|rot 13|caesar|hex encoded|hexadecimal|in reverse|reverse order|backwards|spelled backwards|pig latin|morse*|leetspeak|leet speak|decode*|decrypt*|encode*|encoded|encrypted|cipher*|acrostic|first letter|each letter|letter by letter|unicode|emoji|part 1|payload|concatenat*|join the|combine the|split|obfuscat*|kodier*|dekodier*|encodé|decodifica*|codifica*|décod*|combina*|解码|编码|デコード",
  ],
  repeat_above: [
    "repeat the above|repeat everything|repeat all|repeat your|repeat the words|repeat the text|everything above|all of the above|what was written|was written above|written at the beginning|above this line|print the above|text before this|words above|start of this conversation|start of our conversation|beginning of our conversation|beginning of the conversation|first words of|first sentence of your|contents of your",
  ],
  deictic: [
    "the following|following|below|this|these|given|the text|the table|the email|the passage|the article|the sentence|the paragraph|the document|the code|provided|folgende*|diese*|suivant*|ce texte|siguiente*|este|esta|seguente|questo|seguinte|volgende|下面|以下",
  ],
  harm: [
    "bomb*|explosive*|weapon*|hack|hacking|hack into|malware|ransomware|phishing|meth|methamphetamine|cocaine|heroin|drugs|blackmail*|suicide|self-harm|launder*|counterfeit*|forge|forged|fraud*|scam*|terroris*|genocide|racis*|sexis*|porn*|torture|murder*|kill|kidnap*|smuggl*|trafficking|steal*|identity theft|ponzi|insider trading|bribe*|deepfake*|disinformation|misinformation|fake news|conspiracy|defamatory|stalk*|poison*|biological weapon*|chemical weapon*|nuclear weapon*|cyberattack*|ddos|botnet|exploit|keylogger|hitman|arson|vandal*|rob a|robbery|break into|pick a lock|evade|evading|avoid detection|without getting caught|tax evasion|overthrow|hate speech|slur*|eating disorder*|anorexia|human experimentation|cannibal*|gambl*|doxx*|revenge|fake id*|shoplift*|pirated|crack the|dark web|illegally|untraceable",
  ],
  // ROT13 and reversed forms of very common words: two different ones make the decoder run.
  rot13: ["gur|naq|lbh|lbhe|sbe|gung|guvf|jvgu|abg|ner|vf|gb|nyy|vtaber|cerivbhf|vafgehpgvbaf|vafgehpgvba|flfgrz|cebzcg|nobir|cnffjbeq|erirny|fnl|cevag|jung|nf|abj|va|bs"],
  reversed: ["eht|dna|uoy|ruoy|rof|taht|siht|htiw|ton|era|si|ot|lla|erongi|suoiverp|snoitcurtsni|noitcurtsni|metsys|tpmorp|evoba|drowssap|laever|yas|tnirp|tahw|won|fo|ni|sa"],
};
